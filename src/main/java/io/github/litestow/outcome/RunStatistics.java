package io.github.litestow.outcome;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * What a run measured on its way; a number that it had no need to look at is absent. Immutable.
 *
 * @param sealSeconds how long nobody else could use the database
 * @param uploadedBytes what the replica's listing shows more than before, in bytes
 * @param databaseBytes the size of the database when it was last looked at, without its WAL
 * @param replicaBytes what the engine's files at the replica make up, at the last listing
 * @param replicaObjects how many files that were
 * @param restorePoints how many restore points the replica held when they were last looked up
 * @param restoreSeconds how long the engine took to restore the database and to check it, for a proof or
 *     for good
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RunStatistics(
        Optional<Double> sealSeconds,
        Optional<Long> uploadedBytes,
        Optional<Long> databaseBytes,
        Optional<Long> replicaBytes,
        Optional<Long> replicaObjects,
        Optional<Long> restorePoints,
        Optional<Double> restoreSeconds) {

    /** Nothing was measured. */
    public static final RunStatistics NONE = new RunStatistics(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** A record of an earlier version has no time of a restore. */
    public RunStatistics {
        restoreSeconds = restoreSeconds == null ? Optional.empty() : restoreSeconds;
    }

    /** Returns these statistics, and those of {@code earlier} where these have none. */
    public RunStatistics over(RunStatistics earlier) {
        return new RunStatistics(
                sealSeconds.or(earlier::sealSeconds),
                uploadedBytes.or(earlier::uploadedBytes),
                databaseBytes.or(earlier::databaseBytes),
                replicaBytes.or(earlier::replicaBytes),
                replicaObjects.or(earlier::replicaObjects),
                restorePoints.or(earlier::restorePoints),
                restoreSeconds.or(earlier::restoreSeconds));
    }
}
