package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How one database stands, and why in a sentence. Says "safe" of nothing that was not proven. Immutable.
 *
 * @param status what is known of it
 * @param standing the first reason
 * @param verdict what that amounts to
 * @param proofLimit the age above which its proof is overdue; never, if empty
 * @param unchanged whether the last snapshot found nothing new
 * @param restoreSeconds how long a restore of it took last, with its check
 * @param databaseBytes its size when a run last saw it, 0 if that is not known
 * @param words what goes on behind its name, for example {@code has not been proven for 3 d}
 */
public record DatabaseStanding(
        DatabaseStatus status,
        Standing standing,
        Verdict verdict,
        Optional<Duration> proofLimit,
        boolean unchanged,
        Optional<Double> restoreSeconds,
        long databaseBytes,
        String words) {

    /** Worst first; among equals the one that could lose most. */
    public static final Comparator<DatabaseStanding> WORST_FIRST = Comparator.comparing(DatabaseStanding::verdict)
            .thenComparing(DatabaseStanding::standing)
            .thenComparing(one -> -one.status.backup().ageSeconds().orElse(0L))
            .thenComparing(DatabaseStanding::name);

    private static final Set<FailureKind> DAMAGE =
            EnumSet.of(FailureKind.PROOF_FAILED, FailureKind.SOURCE_DAMAGED, FailureKind.REPLICA_MISSING);

    /** Returns the name in the settings. */
    public String name() {
        return status.backup().database();
    }

    /**
     * Judges.
     *
     * @param ready whether the service is done with bringing it back
     */
    static DatabaseStanding of(
            ConfiguredDatabase settings, DatabaseStatus status, DatabaseState state, boolean ready, Instant now) {
        BackupStatus backup = status.backup();
        ProofDue proof = ProofDue.of(settings, backup, state, now);
        boolean gone = Whereabouts.of(settings, state, backup.local(), status.working())
                .gone();
        Standing standing = standing(status, gone, ready, proof.overdue());
        return new DatabaseStanding(
                status,
                standing,
                standing.verdict(settings.snapshot().required()),
                proof.most(),
                Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                        .filter(run -> run.result().which() == Outcome.Case.UNCHANGED)
                        .isPresent(),
                state.statistics().restoreSeconds(),
                state.statistics().databaseBytes().orElse(0L),
                words(standing, status, gone, proof.age(), now));
    }

    private static Standing standing(DatabaseStatus status, boolean gone, boolean ready, boolean overdue) {
        BackupStatus backup = status.backup();
        Optional<FailureKind> failure = status.lastFailure().map(DatabaseStatus.LastFailure::kind);
        if (failure.filter(DAMAGE::contains).isPresent()) {
            return Standing.DAMAGED;
        }
        if (failure.isPresent()) {
            return backup.state() == BackupState.STALE ? Standing.BEHIND : Standing.FAILING;
        }
        if (!ready) {
            return Standing.STARTING;
        }
        if (gone) {
            return Standing.BEHIND;
        }
        boolean nothing = backup.state() == BackupState.RETIRED
                && backup.lastRestorePoint().isEmpty();
        if (nothing || backup.state() == BackupState.NOTHING_YET) {
            return Standing.NOTHING_YET;
        }
        if (backup.state() == BackupState.STALE && !(overdue && backup.offloaded())) {
            // Before its first backup a database is young, not late.
            return backup.lastRestorePoint().isEmpty() && !tooOld(backup) ? Standing.UNPROVEN : Standing.BEHIND;
        }
        if (overdue) {
            return Standing.PROOF_OVERDUE;
        }
        return backup.lastProven().isEmpty() ? Standing.UNPROVEN : Standing.SAFE;
    }

    private static boolean tooOld(BackupStatus backup) {
        return backup.ageSeconds()
                .filter(age -> backup.maxAgeSeconds().filter(most -> age > most).isPresent())
                .isPresent();
    }

    private static String words(
            Standing standing, DatabaseStatus status, boolean gone, Optional<Duration> unproven, Instant now) {
        BackupStatus backup = status.backup();
        String why = status.lastFailure()
                .map(failure -> failure.operation().label() + " failed, "
                        + failure.kind().label())
                .orElse("");
        String age = backup.ageSeconds().map(DatabaseStanding::length).orElse("ever");
        boolean failing = standing == Standing.BEHIND || standing == Standing.FAILING;
        boolean ofALook = status.lastFailure()
                .filter(failure -> failure.operation() != Operation.RESTORE)
                .isPresent();
        if (failing && backup.offloaded() && ofALook) {
            return "is offloaded, and whether its replica still holds it is not known: the last " + why;
        }
        return switch (standing) {
            case DAMAGED ->
                damage(
                        status.lastFailure().orElseThrow(),
                        backup.lastRestorePoint().isPresent(),
                        new TimeText(now, ZoneOffset.UTC));
            case BEHIND ->
                status.lastFailure()
                                .filter(DatabaseStatus.LastFailure::ofAnotherReplica)
                                .isPresent()
                        ? notInOrder(why)
                        : behind(backup, gone, age) + because(why);
            case FAILING ->
                why.startsWith("snapshot")
                        ? "could not be backed up: the last " + why + "; what was written in the last " + age
                                + " could be lost"
                        : notInOrder(why);
            case PROOF_OVERDUE ->
                backup.lastProven().isEmpty()
                        ? "was never proven, in " + length(unproven)
                        : "has not been proven for " + length(unproven);
            case NOTHING_YET -> "has no backup, as there is no database here and no restore point at the replica";
            case STARTING -> "is being brought back";
            case UNPROVEN -> unproven(backup);
            case SAFE -> "was proven " + length(unproven) + " ago" + whereabouts(backup);
        };
    }

    private static String unproven(BackupStatus backup) {
        return switch (backup.state()) {
            case RETIRED -> "is retired, its file is gone, and what its replica has was never proven";
            case AT_REPLICA -> "is known by its replica alone, of which nothing was asked yet";
            default ->
                backup.lastRestorePoint().isEmpty()
                        ? "waits for its first backup"
                        : "is backed up and waits for its first proof";
        };
    }

    private static String whereabouts(BackupStatus backup) {
        if (backup.state() == BackupState.RETIRED) {
            return " and is retired, its file is gone";
        }
        return backup.offloaded() ? " and is offloaded" : "";
    }

    private static String behind(BackupStatus backup, boolean gone, String age) {
        if (gone) {
            return "is gone here and was not offloaded; it was last backed up " + age + " ago";
        }
        return backup.local() && backup.lastRestorePoint().isEmpty()
                ? "could be lost as a whole: nothing of it is backed up"
                : "could lose what was written in the last " + age;
    }

    private static String notInOrder(String why) {
        return "is not in order: the last " + why;
    }

    private static String because(String why) {
        return why.isEmpty() ? "" : ": the last " + why;
    }

    private static String damage(DatabaseStatus.LastFailure failure, boolean backedUp, TimeText times) {
        String when = times.distance(failure.time());
        return switch (failure.kind()) {
            case SOURCE_DAMAGED ->
                "is damaged here, found " + when
                        + (backedUp ? "; the replica keeps what was whole" : ", and was never backed up");
            case REPLICA_MISSING -> "lost its replica, found " + when;
            default -> "failed its proof " + when;
        };
    }

    private static String length(Optional<Duration> length) {
        return length.map(TimeText::length).orElse("ever");
    }

    private static String length(long seconds) {
        return TimeText.length(Duration.ofSeconds(seconds));
    }
}
