package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.RestorePoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What anybody may know of a database's backup: no path, no URL and no words of a failure, so that
 * HTTP shows it without a token. Immutable.
 *
 * @param database its name
 * @param local whether a file is at the database's path
 * @param offloaded whether it is proven and deleted, so that the replica holds all there is
 * @param state how its backup is doing
 * @param fresh whether that is {@code fresh}
 * @param lastSuccess when the last successful snapshot ended
 * @param ageSeconds how long the local database may have held what the replica does not
 * @param maxAgeSeconds the age above which the backup is stale
 * @param lastRestorePoint the newest confirmed restore point
 * @param lastProven the newest proven one
 * @param provenAgeSeconds how long ago that was proven
 * @param nextRun when cron starts the next snapshot
 * @param conditionalWrites whether the replica's store was seen to keep two writers apart; the service asks it
 * @param paused since when cron begins no snapshot of it; empty while it does
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record BackupStatus(
        @Schema(required = true, examples = "default") String database,

        @Schema(required = true, description = "Whether a file is at its path")
        boolean local,

        @Schema(required = true, description = "Whether it is proven and its local copy deleted")
        boolean offloaded,

        @Schema(required = true, description = "How its backup is doing")
        BackupState state,

        @Schema(required = true, description = "Whether its backup is younger than health.max-age")
        boolean fresh,

        Optional<Instant> lastSuccess,

        @Schema(description = "How long the local database may have held what the replica does not")
        Optional<Long> ageSeconds,

        Optional<Long> maxAgeSeconds,
        Optional<RestorePoint> lastRestorePoint,
        Optional<RestorePoint> lastProven,

        @Schema(description = "How long ago that was proven")
        Optional<Long> provenAgeSeconds,

        @Schema(description = "When cron starts the next snapshot")
        Optional<Instant> nextRun,

        @Schema(description = "Whether the replica's store was seen to keep two writers apart")
        Optional<Boolean> conditionalWrites,

        @Schema(description = "Since when it is paused: no slot of the cron begins a snapshot")
        Optional<Instant> paused) {

    /** Returns whether there is no reason for alarm, by what the settings say of a first start. */
    public boolean acceptable(ConfiguredDatabase settings) {
        return switch (state) {
            case FRESH, RETIRED, AT_REPLICA -> true;
            case STALE -> false;
            case NOTHING_YET -> !settings.snapshot().required();
        };
    }
}
