package io.github.litestow.run.restore;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.Database;
import io.github.litestow.store.VersionedReplica;
import io.github.litestow.store.VersionedReplica.Listed;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;

/**
 * What the versions in a bucket lead to, as {@code list --versions} prints it.
 *
 * @param database its name
 * @param versions transactions, oldest first
 */
@RegisterForReflection
public record VersionList(String database, List<Version> versions) {

    /**
     * One transaction.
     *
     * @param txid the transaction
     * @param time when its first file was written, by the store's clock
     * @param overwritten how many of the files that end with it have later versions, which the engine makes only when it tries an upload again
     */
    @RegisterForReflection
    public record Version(String txid, Instant time, int overwritten) {
        private static Version of(Listed listed) {
            return new Version(listed.txid(), listed.since(), listed.overwritten());
        }

        private String words(TimeText times) {
            return txid + "  " + time + "  " + times.distance(time)
                    + (overwritten > 0 ? "  WRITTEN AGAIN since: " + overwritten + " of its files" : "");
        }
    }

    /** Asks the bucket of a database. */
    public static VersionList of(Database database) throws Failure {
        return new VersionList(
                database.name(),
                VersionedReplica.of(database.replica()).points().stream()
                        .map(Version::of)
                        .toList());
    }

    /** Returns a line for each, for a person. */
    public List<String> lines(TimeText times) {
        return versions.isEmpty()
                ? List.of(database + ": no version of any restore point")
                : versions.stream()
                        .map(version -> database + ": " + version.words(times))
                        .toList();
    }
}
