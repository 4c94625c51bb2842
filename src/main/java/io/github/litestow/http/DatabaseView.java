package io.github.litestow.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.settings.DatabaseSettings;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a database stands: {@link DatabaseStatus} without the replica's URL and what names paths. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@Schema(name = "Database", description = "Where a database stands")
record DatabaseView(
        @Schema(required = true, examples = "default") String database,

        @Schema(required = true, description = "Whether it was restored, or rightly had nothing to restore")
        boolean ready,

        @Schema(required = true, description = "Whether a file lies at its path")
        boolean local,

        @Schema(required = true, description = "Whether it is proven and its local copy deleted")
        boolean offloaded,

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

        @Schema(description = "A failed run of a kind of which none succeeded since")
        Optional<Trouble> lastFailure,

        @Schema(description = "When cron starts the next snapshot")
        Optional<Instant> nextRun,

        @Schema(description = "The run that works now") Optional<RunView> working) {

    /** A failure, without what names paths. */
    @Schema(name = "LastFailure", description = "The log says the cause and what to do")
    record Trouble(
            @Schema(required = true) Operation operation,
            @Schema(required = true) Instant time,
            @Schema(required = true) FailureKind kind,
            @Schema(required = true) String step) {}

    /** Every database. */
    @Schema(name = "Databases")
    record Page(@Schema(required = true) List<DatabaseView> databases) {}

    static DatabaseView of(DatabaseSettings database, DatabaseStatus status, boolean ready) {
        return new DatabaseView(
                status.database(),
                ready,
                status.local(),
                status.offloaded(),
                status.fresh(),
                status.lastSuccess(),
                status.ageSeconds(),
                status.maxAgeSeconds(),
                status.lastRestorePoint(),
                status.lastProven(),
                status.provenAgeSeconds(),
                status.lastFailure()
                        .map(failure -> new Trouble(
                                failure.operation(),
                                failure.time(),
                                FailureKind.valueOf(failure.kind().toUpperCase(Locale.ROOT)),
                                failure.step())),
                status.nextRun(),
                status.working().map(run -> RunView.of(database, run)));
    }
}
