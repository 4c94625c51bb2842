package io.github.litestow.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The part of {@link DatabaseStatus} that anybody may know, and the run that works now. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@Schema(name = "Database", description = "The state of a database")
record DatabaseView(
        @JsonUnwrapped BackupStatus backup,

        @Schema(required = true, description = "Whether it was restored, or rightly had nothing to restore")
        boolean ready,

        @Schema(description = "A failed run of a kind of which none succeeded since")
        Optional<LastFailure> lastFailure,

        @Schema(description = "The run that works now") Optional<RunView> working) {

    /** A failure, without cause and hint, which may name paths. */
    @Schema(name = "LastFailure", description = "The log has the cause and what to do")
    record LastFailure(
            @Schema(required = true) Operation operation,
            @Schema(required = true) Instant time,
            @Schema(required = true) FailureKind kind,
            @Schema(required = true) String step) {

        private static LastFailure of(DatabaseStatus.LastFailure failure) {
            return new LastFailure(failure.operation(), failure.time(), failure.kind(), failure.step());
        }
    }

    /**
     * Every database, or those that were asked for.
     *
     * @param total how many there are of those that were asked for, of which {@code databases} may be a part
     * @param states how many of all databases are in each state
     */
    @Schema(name = "Databases")
    record Page(
            @Schema(required = true, description = "How many match, of which `databases` may be a part")
            int total,

            @Schema(required = true, description = "How many of all databases are in each state")
            Map<String, Integer> states,

            @Schema(required = true) List<DatabaseView> databases) {}

    static DatabaseView of(ConfiguredDatabase database, DatabaseStatus status, boolean ready) {
        return new DatabaseView(
                status.backup(),
                ready,
                status.lastFailure().map(LastFailure::of),
                status.working().map(run -> RunView.of(database, run)));
    }
}
