package io.github.litestow.journal;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.RunStatistics;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of one database: everything that must survive a restart. Immutable; {@link
 * Journal#change} makes the next one.
 *
 * @param replicaId the replica's identity as last seen; an empty replica is not believed once it is
 *     known to have held something
 * @param local what is known of the file at the database's path
 * @param attributes owner and mode of the database when it was last seen whole, opaque
 * @param newest the newest confirmed restore point
 * @param newestProven the newest proven restore point
 * @param provenAt when it was proven here last, which may be later than it was made
 * @param conditionalWrites whether the replica's store was seen to let exactly one of two writers win
 * @param notChecked what kept SQLite from checking the database in full when that was tried last
 * @param unrecorded restore points that the replica's own record lacks so far
 * @param lastSuccess the last successful run of each operation
 * @param lastFailure the last failed run of each operation, until what it failed at is mended
 * @param statistics what was measured last; {@code figures} in JSON
 * @param firstSeen when a run first found the database that is there now
 * @param confirmedStamp size and times of the files, opaque, with which they are known to hold what the replica
 *     ends with
 * @param retired since when the file is gone although it was not offloaded
 * @param paused since when no slot of the cron begins a snapshot; empty while slots do
 */
@RegisterForReflection
public record DatabaseState(
        Optional<String> replicaId,
        LocalDatabase local,
        Optional<String> attributes,
        Optional<RestorePoint> newest,
        Optional<RestorePoint> newestProven,
        Optional<Instant> provenAt,
        @JsonAlias("decidesRaces") Optional<Boolean> conditionalWrites,
        Optional<String> notChecked,
        List<RecordedPoint> unrecorded,
        Map<Operation, RunRecord> lastSuccess,
        Map<Operation, RunRecord> lastFailure,
        @JsonProperty("figures") RunStatistics statistics,
        Optional<Instant> firstSeen,
        Optional<String> confirmedStamp,
        Optional<Instant> retired,
        Optional<Instant> paused) {

    /** Copies the collections. An earlier version wrote no statistics, and an empty text for no identity. */
    public DatabaseState {
        Objects.requireNonNull(local);
        replicaId = replicaId.filter(text -> !text.isEmpty());
        notChecked = notChecked == null ? Optional.empty() : notChecked;
        unrecorded = List.copyOf(unrecorded);
        lastSuccess = Map.copyOf(lastSuccess);
        lastFailure = Map.copyOf(lastFailure);
        statistics = statistics == null ? RunStatistics.NONE : statistics;
        firstSeen = firstSeen == null ? Optional.empty() : firstSeen;
        confirmedStamp = confirmedStamp == null ? Optional.empty() : confirmedStamp;
        retired = retired == null ? Optional.empty() : retired;
        paused = paused == null ? Optional.empty() : paused;
    }

    /** A database of which nothing is known yet. */
    static DatabaseState unknown() {
        return new DatabaseState(
                Optional.empty(),
                new LocalDatabase.Unknown(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Map.of(),
                RunStatistics.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns from what the local database descends, if that is known. */
    public Optional<Lineage> lineage() {
        return local.settled().descent();
    }

    /** Returns whether the newest restore point, and not only an older one, is proven. */
    public boolean newestIsProven() {
        return newest.isPresent() && newestProven.map(RestorePoint::txid).equals(newest.map(RestorePoint::txid));
    }

    /** Returns whether a run of this machine once found that database and replica agree, or made them. */
    public boolean everAgreed() {
        return lastSuccess.values().stream().anyMatch(run -> run.result().agreed());
    }

    /** Returns whether this machine had the database, and nothing that is known took it away. */
    public boolean expectedHere() {
        return everAgreed() && !offloaded() && retired.isEmpty();
    }

    /** Returns whether the last thing that happened to the local database was its deletion, on proof. */
    public boolean offloaded() {
        return local.settled().equals(new LocalDatabase.Offloaded());
    }
}
