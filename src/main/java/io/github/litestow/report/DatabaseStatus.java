package io.github.litestow.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ObjectLock;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunTime;
import io.github.litestow.run.Step;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of one database. Health, metrics, HTTP and the {@code status} command, as text and as
 * JSON, are views of this record. Immutable.
 *
 * @param backup what anybody may know
 * @param path the database's path
 * @param replica the replica's URL
 * @param lastFailure the last failed run, as long as nothing shows that what it failed at is mended
 * @param warnings what the last successful snapshot could not do besides, pruning for example
 * @param working the run that works now, of whatever process of this host
 * @param objectLock which retention the bucket is to have by default; empty when none is asked for
 * @param unlocked what this process found of that which is not so, or could not be looked at
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DatabaseStatus(
        @JsonUnwrapped BackupStatus backup,
        String path,
        String replica,
        Optional<LastFailure> lastFailure,
        List<String> warnings,
        Optional<RunInProgress> working,
        Optional<String> objectLock,
        Optional<String> unlocked) {

    /** Of a database whose bucket is asked for no lock. */
    public DatabaseStatus(
            BackupStatus backup,
            String path,
            String replica,
            Optional<LastFailure> lastFailure,
            List<String> warnings,
            Optional<RunInProgress> working) {
        this(backup, path, replica, lastFailure, warnings, working, Optional.empty(), Optional.empty());
    }

    /**
     * A failure of which nothing shows that it is mended ({@link io.github.litestow.outcome.Mending}).
     *
     * @param operation what was asked for
     * @param time when the run ended
     * @param kind what sort of failure it was
     * @param step the step that failed
     * @param cause what failed and why; may name paths
     * @param hint what to do next; may name paths
     */
    public record LastFailure(
            Operation operation, Instant time, FailureKind kind, String step, String cause, String hint) {

        /** Returns whether a look at the replica was refused: it is another one than the record says. */
        boolean ofAnotherReplica() {
            return kind == FailureKind.REFUSED && step.equals(Step.PROBE.label());
        }
    }

    /**
     * Derives the status of a database; touches nothing but the presence of its file.
     *
     * @param maxAge the age above which its backup is stale; never, if empty
     * @param next when cron starts the next snapshot
     * @param seen since when this process knows of the file, for what no run has seen yet
     */
    static DatabaseStatus of(
            Database database,
            DatabaseState state,
            Optional<Duration> maxAge,
            Optional<Instant> next,
            Instant seen,
            Instant now) {
        ConfiguredDatabase settings = database.settings();
        Optional<RunInProgress> working = database.currentRun().now(now);
        Whereabouts place =
                Whereabouts.of(settings, state, Files.exists(settings.database(), LinkOption.NOFOLLOW_LINKS), working);
        BackupStatus backup = backup(database, state, maxAge, next, seen, now, place);
        return new DatabaseStatus(
                backup,
                settings.database().toString(),
                settings.replica().url(),
                lastFailures(state, place).max(Comparator.comparing(LastFailure::time)),
                warnings(database, state, place, now),
                working,
                Optional.of(settings.s3().storing().lock())
                        .filter(lock -> lock != ObjectLock.OFF)
                        .map(ObjectLock::label),
                database.unlocked().map(lock -> lock.words() + ". " + lock.hint()));
    }

    private static BackupStatus backup(
            Database database,
            DatabaseState state,
            Optional<Duration> maxAge,
            Optional<Instant> next,
            Instant seen,
            Instant now,
            Whereabouts place) {
        ConfiguredDatabase settings = database.settings();
        boolean local = place.local();
        boolean offloaded = place.offloaded();
        Optional<Instant> upToDate = Stream.of(
                        upToDateAt(state, Optional.of(seen).filter(time -> local), now),
                        database.unchangedAt().filter(time -> local))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
        Optional<Duration> age = offloaded
                ? Optional.of(Duration.ZERO)
                : upToDate.filter(time -> !place.retired()).map(time -> since(time, now));
        Optional<Duration> proofAge = state.provenAt()
                .or(() -> state.newestProven().map(RestorePoint::time))
                .filter(time -> RunTime.past(time, now))
                .map(time -> since(time, now));
        boolean stale = (!offloaded && !backedUp(state, now))
                || age.isEmpty()
                || exceeds(age.get(), maxAge)
                || (state.offloaded() && local)
                || place.gone()
                || inDoubt(state, place)
                || (offloaded
                        && ProofDue.ofOffloaded(settings, proofAge, maxAge).overdue());
        BackupState how = state(database, state, place, stale);
        return new BackupStatus(
                settings.name(),
                local,
                offloaded,
                how,
                how == BackupState.FRESH,
                LastSuccess.of(Operation.SNAPSHOT, state).filter(time -> RunTime.past(time, now)),
                age.map(Duration::toSeconds),
                maxAge.map(Duration::toSeconds),
                state.newest(),
                state.newestProven(),
                proofAge.map(Duration::toSeconds),
                next.filter(time -> state.paused().isEmpty()),
                state.conditionalWrites(),
                state.paused());
    }

    private static BackupState state(Database database, DatabaseState state, Whereabouts place, boolean stale) {
        if (place.retired()) {
            return BackupState.RETIRED;
        }
        if (!place.local() && database.atReplica() && state.newest().isEmpty()) {
            return BackupState.AT_REPLICA;
        }
        if (database.nothingYet()) {
            return BackupState.NOTHING_YET;
        }
        return stale ? BackupState.STALE : BackupState.FRESH;
    }

    /** A new machine has run nothing yet, and believes the replica's own record. */
    private static boolean backedUp(DatabaseState state, Instant now) {
        boolean agreed = state.lastSuccess().values().stream()
                .anyMatch(run -> run.result().agreed() && RunTime.past(run.started(), now));
        boolean ranNothing =
                state.lastSuccess().isEmpty() && state.lastFailure().isEmpty();
        return agreed || (ranNothing && state.newest().isPresent());
    }

    /** A clock that was set back makes nothing younger than new. */
    private static Duration since(Instant time, Instant now) {
        return time.isAfter(now) ? Duration.ZERO : Duration.between(time, now);
    }

    private static boolean exceeds(Duration age, Optional<Duration> most) {
        return most.filter(limit -> age.compareTo(limit) > 0).isPresent();
    }

    /** The replica was looked at, and is not what it should be: however young what went there last is. */
    private static boolean inDoubt(DatabaseState state, Whereabouts place) {
        return lastFailures(state, place).anyMatch(failure -> ofReplica(failure) || failure.ofAnotherReplica());
    }

    private static boolean ofReplica(LastFailure failure) {
        return failure.kind() == FailureKind.PROOF_FAILED || failure.kind() == FailureKind.REPLICA_MISSING;
    }

    /**
     * The start of the last run after which both sides agreed: what was committed during it may be
     * missing. Before the first one, everything may be, since it was there; and since the newest point
     * of which the replica's own record tells, if that is older still.
     */
    private static Optional<Instant> upToDateAt(DatabaseState state, Optional<Instant> seen, Instant now) {
        return state.lastSuccess().values().stream()
                .filter(run -> run.result().agreed())
                .map(RunRecord::started)
                .filter(time -> RunTime.past(time, now))
                .max(Comparator.naturalOrder())
                .or(() -> Stream.of(state.newest().map(RestorePoint::time), state.firstSeen(), seen)
                        .flatMap(Optional::stream)
                        .filter(time -> RunTime.past(time, now))
                        .min(Comparator.naturalOrder()));
    }

    private static List<String> warnings(Database database, DatabaseState state, Whereabouts place, Instant now) {
        Path file = database.settings().database();
        Stream<String> newcomer = state.offloaded() && place.local()
                ? Stream.of(file + " appeared after the database was offloaded, and is not backed up: an application"
                        + " that opens its database again and again makes an empty one when it is gone")
                : Stream.empty();
        Stream<String> ahead = state.lastSuccess().values().stream()
                .filter(run -> !RunTime.past(run.started(), now))
                .map(run -> "the last " + run.operation().label() + " is dated " + run.started()
                        + ", in the future: the clock was ahead then or is behind now, so it does not count");
        Stream<String> missing = place.vanished()
                ? Stream.of(file + " is gone, and no run deleted it: `restore` brings it back as the replica has it")
                : Stream.empty();
        return Stream.of(ofLastSnapshot(state).stream(), newcomer, ahead, missing)
                .flatMap(warnings -> warnings)
                .toList();
    }

    private static List<String> ofLastSnapshot(DatabaseState state) {
        return Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                .map(RunRecord::warnings)
                .orElse(List.of());
    }

    /** Of what is retired no run will show that a snapshot works again: only what is wrong with its replica counts. */
    private static Stream<LastFailure> lastFailures(DatabaseState state, Whereabouts place) {
        return state.lastFailure().values().stream()
                .map(run -> {
                    Outcome.Failed failed = run.result().failure().orElseThrow();
                    return new LastFailure(
                            run.operation(),
                            run.finished(),
                            failed.kind(),
                            failed.step(),
                            failed.cause(),
                            failed.hint());
                })
                .filter(failure -> !place.retired() || failure.operation() != Operation.SNAPSHOT || ofReplica(failure));
    }
}
