package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunTime;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of one database. Health, metrics, HTTP and the {@code status} command, as text and as
 * JSON, are views of this record. Immutable.
 *
 * @param backup what anybody may know
 * @param replica the replica's URL
 * @param lastFailure the last failed run of any kind, if nothing of that kind succeeded since
 * @param warnings what the last successful snapshot could not do besides, pruning for example
 * @param working the run that works now, of whatever process of this host
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DatabaseStatus(
        @JsonUnwrapped BackupStatus backup,
        String replica,
        Optional<LastFailure> lastFailure,
        List<String> warnings,
        Optional<RunInProgress> working) {

    /**
     * A failure after which nothing of its kind succeeded.
     *
     * @param operation what was asked for
     * @param time when the run ended
     * @param kind what sort of failure it was
     * @param step the step that failed
     * @param cause what failed and why; may name paths
     * @param hint what to do next; may name paths
     */
    public record LastFailure(
            Operation operation, Instant time, FailureKind kind, String step, String cause, String hint) {}

    /**
     * Derives the status of a database; touches nothing but the presence of its file.
     *
     * @param state its state, read before {@code now} was
     * @param maxAge the age above which its backup is stale; never, if empty
     */
    static DatabaseStatus of(Database database, DatabaseState state, Optional<Duration> maxAge, Instant now) {
        ConfiguredDatabase settings = database.settings();
        return new DatabaseStatus(
                backup(settings, state, maxAge, now),
                settings.replica().url(),
                lastFailure(state, now),
                warnings(state, now),
                database.currentRun().now(now));
    }

    private static BackupStatus backup(
            ConfiguredDatabase settings, DatabaseState state, Optional<Duration> maxAge, Instant now) {
        boolean local = Files.exists(settings.database(), LinkOption.NOFOLLOW_LINKS);
        boolean offloaded = state.offloaded() && !local;
        Optional<Duration> age =
                offloaded ? Optional.of(Duration.ZERO) : upToDateAt(state, now).map(time -> age(time, now));
        boolean nothingYet = !local && state.newest().isEmpty();
        boolean fresh =
                nothingYet || (age.isPresent() && (maxAge.isEmpty() || age.get().compareTo(maxAge.get()) <= 0));
        return new BackupStatus(
                settings.name(),
                local,
                offloaded,
                fresh,
                lastSuccess(state, now),
                age.map(Duration::toSeconds),
                maxAge.map(Duration::toSeconds),
                state.newest(),
                state.newestProven(),
                state.provenAt()
                        .or(() -> state.newestProven().map(RestorePoint::time))
                        .filter(time -> RunTime.past(time, now))
                        .map(time -> age(time, now).toSeconds()),
                settings.schedule().flatMap(schedule -> schedule.next(now)),
                state.conditionalWrites());
    }

    /** No age is below zero: clocks of several hosts differ a little, and may be set back. */
    private static Duration age(Instant time, Instant now) {
        return time.isAfter(now) ? Duration.ZERO : Duration.between(time, now);
    }

    /** The start of the last run after which both sides agreed: what was committed during it may be missing. */
    private static Optional<Instant> upToDateAt(DatabaseState state, Instant now) {
        return Stream.of(Operation.SNAPSHOT, Operation.RESTORE)
                .map(state.lastSuccess()::get)
                .filter(Objects::nonNull)
                .map(RunRecord::started)
                // A clock that was ahead makes no backup fresh until that time comes.
                .filter(time -> RunTime.past(time, now))
                .max(Comparator.naturalOrder())
                .or(() -> knowsTheReplicaOnly(state) ? state.newest().map(RestorePoint::time) : Optional.empty())
                .filter(time -> RunTime.past(time, now));
    }

    /** A new machine has run nothing yet. */
    private static boolean knowsTheReplicaOnly(DatabaseState state) {
        return state.lastSuccess().isEmpty() && state.lastFailure().isEmpty();
    }

    /** As the replica records it, so that a new machine reports the same; later if nothing changed since. */
    private static Optional<Instant> lastSuccess(DatabaseState state, Instant now) {
        return Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                .filter(run -> run.result().which() == Outcome.Case.UNCHANGED)
                .map(RunRecord::finished)
                .filter(time -> RunTime.past(time, now))
                .or(() -> state.newest().map(RestorePoint::time))
                .filter(time -> RunTime.past(time, now));
    }

    private static List<String> warnings(DatabaseState state, Instant now) {
        Stream<String> ahead = state.lastSuccess().values().stream()
                .filter(run -> !RunTime.past(run.started(), now))
                .map(run -> "the last " + run.operation().label() + " is dated " + run.started()
                        + ", in the future: the clock was ahead then or is behind now, so it does not count");
        return Stream.concat(ofLastSnapshot(state).stream(), ahead).toList();
    }

    private static List<String> ofLastSnapshot(DatabaseState state) {
        return Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                .map(RunRecord::warnings)
                .orElse(List.of());
    }

    private static Optional<LastFailure> lastFailure(DatabaseState state, Instant now) {
        return state.lastFailure().values().stream()
                .filter(run -> !succeededSince(state, run, now))
                .max(Comparator.comparing(RunRecord::finished))
                .map(run -> {
                    Outcome.Failed failed = run.result().failure().orElseThrow();
                    return new LastFailure(
                            run.operation(),
                            run.finished(),
                            failed.kind(),
                            failed.step(),
                            failed.cause(),
                            failed.hint());
                });
    }

    private static boolean succeededSince(DatabaseState state, RunRecord failure, Instant now) {
        RunRecord success = state.lastSuccess().get(failure.operation());
        return success != null
                && RunTime.past(success.finished(), now)
                && success.finished().isAfter(failure.finished());
    }
}
