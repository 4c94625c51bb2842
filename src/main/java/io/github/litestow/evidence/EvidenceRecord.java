package io.github.litestow.evidence;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One proof, a line of its own. Its JSON is part of the outside contract. Immutable.
 *
 * @param database its name in the settings of who proved it
 * @param txid the transaction that was restored
 * @param time when it was proven
 * @param how {@code sealed}: compared page by page with the local database, which nobody else could use;
 *     {@code live}: compared with what it was at that transaction, while its writers went on; {@code
 *     restored}: restored whole and checked, with no local database to compare with
 * @param run the run that proved it
 * @param restoreSeconds how long the restore took: the recovery time that was measured
 * @param pages how many pages the restored file has
 * @param pageSize their size, in bytes
 * @param bytes the size of the restored file
 * @param sha256 of the restored file, in hexadecimal digits
 * @param tables rows per table, where they were counted
 * @param dueSeconds within which time the settings promised the next proof; nothing was promised, if empty
 * @param versions of what proved it
 * @param previous SHA-256 of the line before, without its line feed; empty in the first of all
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "database",
    "txid",
    "time",
    "how",
    "run",
    "restoreSeconds",
    "pages",
    "pageSize",
    "bytes",
    "sha256",
    "tables",
    "dueSeconds",
    "versions",
    "previous"
})
public record EvidenceRecord(
        String database,
        String txid,
        Instant time,
        String how,
        String run,
        double restoreSeconds,
        long pages,
        int pageSize,
        long bytes,
        String sha256,
        Map<String, Long> tables,
        Optional<Long> dueSeconds,
        Map<String, String> versions,
        String previous) {

    /** What a record must hold is required, so that a spoiled one is found when it is read. */
    public EvidenceRecord {
        Objects.requireNonNull(txid, "txid");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(sha256, "sha256");
        tables = tables == null ? Map.of() : new TreeMap<>(tables);
        versions = versions == null ? Map.of() : new TreeMap<>(versions);
        dueSeconds = dueSeconds == null ? Optional.empty() : dueSeconds;
        previous = previous == null ? "" : previous;
    }

    /** Returns the same after another line. */
    EvidenceRecord after(String hash) {
        return new EvidenceRecord(
                database,
                txid,
                time,
                how,
                run,
                restoreSeconds,
                pages,
                pageSize,
                bytes,
                sha256,
                tables,
                dueSeconds,
                versions,
                hash);
    }
}
