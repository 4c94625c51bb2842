package io.github.litestow.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.RestoredFileInstaller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A run, while it works and after it ended. Causes and hints may name paths, so they are left to the
 * log and to {@code status}.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@Schema(name = "Run", description = "A run, while it works and after it ended")
record RunView(
        @Schema(required = true, description = "Unique within the database, sortable by time")
        String id,

        @Schema(required = true) String database,
        @Schema(required = true) Operation operation,

        @Schema(required = true, description = "cron, start-up, shutdown, command, http, or http, in place")
        String trigger,

        @Schema(required = true) State state,
        @Schema(required = true) Instant started,

        @Schema(description = "While it works: the step it is at")
        Optional<String> step,

        @Schema(description = "While it works, during its long parts")
        Optional<ProgressView> progress,

        Optional<Instant> finished,

        @Schema(
                description = "How it ended: offloaded, snapshotted, unchanged, restored, already_present,"
                        + " nothing_to_restore, nothing_to_snapshot, verified, skipped or failed")
        Optional<String> outcome,

        Optional<RestorePoint> restorePoint,

        @Schema(description = "Why a snapshot left the local database")
        Optional<Kept> kept,

        @Schema(description = "Why it was skipped") Optional<String> reason,
        Optional<FailureView> failure,

        @Schema(description = "How many warnings the log has of it")
        Optional<Integer> warnings,

        @Schema(description = "Of a restore asked for over HTTP: the copy, below the database's folder")
        Optional<String> file) {

    /** Whether it has ended. */
    enum State {
        working,
        ended
    }

    /** How far its long part has come. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    @Schema(name = "Progress")
    record ProgressView(
            @Schema(required = true) Progress.Doing doing,
            @Schema(required = true, minimum = "0") long bytes,

            @Schema(description = "At most this many, while it is an estimate")
            Optional<Long> expected,

            @Schema(minimum = "0", maximum = "100") Optional<Integer> percent) {}

    /** A failure, without cause and hint. */
    @Schema(name = "RunFailure", description = "The log has the cause and what to do")
    record FailureView(
            @Schema(required = true) FailureKind kind,
            @Schema(required = true) String step) {}

    /** The runs of a database. */
    @Schema(name = "Runs", description = "Oldest first; the last 200 that ended, and the one that works")
    record Page(
            @Schema(required = true) String database,
            @Schema(required = true) List<RunView> runs) {}

    static RunView of(ConfiguredDatabase database, RunInProgress run) {
        return new RunView(
                run.id(),
                run.database(),
                run.operation(),
                run.trigger(),
                State.working,
                run.started(),
                Optional.of(run.step()),
                run.progress().map(far -> new ProgressView(far.doing(), far.bytes(), far.expected(), far.percent())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                file(database, run.operation(), run.trigger(), run.id()));
    }

    static RunView of(ConfiguredDatabase database, RunRecord run) {
        Outcome result = run.result();
        return new RunView(
                run.id(),
                run.database(),
                run.operation(),
                run.trigger(),
                State.ended,
                run.started(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(run.finished()),
                Optional.of(result.label()),
                result.restorePoint(),
                result.keptBecause(),
                result.skipReason(),
                result.failure().map(end -> new FailureView(end.kind(), end.step())),
                Optional.of(run.warnings().size()),
                result.which() == Outcome.Case.RESTORED
                        ? file(database, run.operation(), run.trigger(), run.id())
                        : Optional.empty());
    }

    private static Optional<String> file(ConfiguredDatabase database, Operation operation, String trigger, String id) {
        return operation == Operation.RESTORE && trigger.equals(Actions.TRIGGER)
                ? Optional.of(RestoredFileInstaller.asideName(database, id))
                : Optional.empty();
    }
}
