package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.settings.DatabaseSettings;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where one database stands, as health, metrics, the {@code status} command and JSON tell it.
 *
 * @param database its name
 * @param replica the replica's URL
 * @param local whether a file lies at the database's path
 * @param offloaded whether it is proven and deleted, so that the replica holds all there is
 * @param lastSuccess when the last successful snapshot ended
 * @param ageSeconds how long the local database may have held what the replica does not
 * @param maxAgeSeconds the age above which the backup is stale
 * @param fresh whether it is not
 * @param lastRestorePoint the newest confirmed restore point
 * @param lastProven the newest proven one
 * @param provenAgeSeconds how long ago that was made
 * @param lastFailure the last failed run of any kind, if nothing of that kind succeeded since
 * @param warnings what the last successful snapshot could not do besides, pruning for example
 * @param nextRun when cron starts the next snapshot
 * @param conditionalWrites whether the replica's store was seen to keep two writers apart; the service asks it
 * @param working the run that works now, of whatever process of this host
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DatabaseStatus(
        String database,
        String replica,
        boolean local,
        boolean offloaded,
        Optional<Instant> lastSuccess,
        Optional<Long> ageSeconds,
        Optional<Long> maxAgeSeconds,
        boolean fresh,
        Optional<RestorePoint> lastRestorePoint,
        Optional<RestorePoint> lastProven,
        Optional<Long> provenAgeSeconds,
        Optional<LastFailure> lastFailure,
        List<String> warnings,
        Optional<Instant> nextRun,
        Optional<Boolean> conditionalWrites,
        Optional<RunInProgress> working) {

    /** A failure that still stands. */
    public record LastFailure(Operation operation, Instant time, String kind, String step, String cause, String hint) {}

    /** Derives the status of a database; touches nothing but the presence of its file. */
    static DatabaseStatus of(Database database, Optional<Duration> maxAge, Instant now) {
        DatabaseSettings settings = database.settings();
        DatabaseState state = database.journal().state();
        boolean local = Files.exists(settings.database(), LinkOption.NOFOLLOW_LINKS);
        boolean offloaded = state.offloaded() && !local;
        Optional<Instant> asOf = Stream.of(Operation.SNAPSHOT, Operation.RESTORE)
                .map(state.lastSuccess()::get)
                .filter(Objects::nonNull)
                .map(RunRecord::started)
                .max(Instant::compareTo)
                .or(() -> knowsTheReplicaOnly(state) ? state.newest().map(RestorePoint::time) : Optional.empty());
        // From the start of the run: what was committed while it ran may not be in it.
        Optional<Duration> age = offloaded ? Optional.of(Duration.ZERO) : asOf.map(time -> Duration.between(time, now));
        boolean nothingYet = !local && state.newest().isEmpty();
        boolean fresh =
                nothingYet || (age.isPresent() && (maxAge.isEmpty() || age.get().compareTo(maxAge.get()) <= 0));
        return new DatabaseStatus(
                settings.name(),
                settings.replica().url(),
                local,
                offloaded,
                lastSuccess(state),
                age.map(Duration::toSeconds),
                maxAge.map(Duration::toSeconds),
                fresh,
                state.newest(),
                state.newestProven(),
                state.provenAt()
                        .or(() -> state.newestProven().map(RestorePoint::time))
                        .map(time -> Duration.between(time, now).toSeconds()),
                standingFailure(state),
                warnings(state),
                settings.snapshot().schedule().flatMap(schedule -> schedule.next(now)),
                state.conditionalWrites(),
                database.currentRun().now(now));
    }

    /** A new machine has run nothing yet. */
    private static boolean knowsTheReplicaOnly(DatabaseState state) {
        return state.lastSuccess().isEmpty() && state.lastFailure().isEmpty();
    }

    /** As the replica records it, so that a new machine tells the same; later if nothing changed since. */
    private static Optional<Instant> lastSuccess(DatabaseState state) {
        return Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                .filter(run -> run.result().which() == Outcome.Case.UNCHANGED)
                .map(RunRecord::finished)
                .or(() -> state.newest().map(RestorePoint::time));
    }

    private static List<String> warnings(DatabaseState state) {
        return Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                .map(RunRecord::warnings)
                .orElse(List.of());
    }

    private static Optional<LastFailure> standingFailure(DatabaseState state) {
        return state.lastFailure().values().stream()
                .filter(run -> !succeededSince(state, run))
                .max((one, other) -> one.finished().compareTo(other.finished()))
                .map(run -> {
                    Outcome.Failed failed = run.result().failure().orElseThrow();
                    return new LastFailure(
                            run.operation(),
                            run.finished(),
                            failed.kind().label(),
                            failed.step(),
                            failed.cause(),
                            failed.hint());
                });
    }

    private static boolean succeededSince(DatabaseState state, RunRecord failure) {
        RunRecord success = state.lastSuccess().get(failure.operation());
        return success != null && success.finished().isAfter(failure.finished());
    }
}
