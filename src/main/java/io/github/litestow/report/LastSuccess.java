package io.github.litestow.report;

import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.time.Instant;
import java.util.Optional;

/** When each operation last succeeded: the end of its run, or what the replica's own record says of it. */
final class LastSuccess {

    private LastSuccess() {}

    /** Returns when the last successful run of an operation ended. */
    static Optional<Instant> of(Operation operation, DatabaseState state) {
        return switch (operation) {
            case SNAPSHOT -> ended(operation, state).or(() -> recordedPoint(state));
            case RESTORE -> ended(operation, state);
            case VERIFY -> proof(state);
        };
    }

    private static Optional<Instant> ended(Operation operation, DatabaseState state) {
        return Optional.ofNullable(state.lastSuccess().get(operation)).map(RunRecord::finished);
    }

    /** So that a new machine reports what the old one did. What a failed run here uploaded is no success. */
    private static Optional<Instant> recordedPoint(DatabaseState state) {
        Optional<Instant> failing =
                Optional.ofNullable(state.lastFailure().get(Operation.SNAPSHOT)).map(RunRecord::started);
        return state.newest()
                .map(RestorePoint::time)
                .filter(made -> failing.filter(begun -> !made.isBefore(begun)).isEmpty());
    }

    /** A proof by whatever run counts: snapshots prove before they delete. */
    private static Optional<Instant> proof(DatabaseState state) {
        Optional<Instant> proven =
                state.provenAt().or(() -> state.newestProven().map(RestorePoint::time));
        return proven.map(time -> state.lastSuccess().values().stream()
                .filter(run -> !run.started().isAfter(time) && !run.finished().isBefore(time))
                .map(RunRecord::finished)
                .max(Instant::compareTo)
                .orElse(time));
    }
}
