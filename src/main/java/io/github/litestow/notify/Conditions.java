package io.github.litestow.notify;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.NotifyEvent;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RunStatistics;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.ProofDue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says what is wrong with a database, by what is known of it. Touches nothing. */
final class Conditions {
    /** What the replica's size is compared with is about so old. */
    private static final Duration WEEK = Duration.ofDays(7);

    /** Less is no money, and a database that is new doubles every minute. */
    private static final long WORTH_TELLING = 64L << 20;

    private Conditions() {}

    /**
     * Returns everything that is wrong.
     *
     * @param week the size of the replica about a week ago, if that is known
     */
    static List<Condition> of(
            ConfiguredDatabase settings,
            DatabaseStatus status,
            DatabaseState state,
            Optional<Told.ReplicaSize> week,
            Instant now) {
        List<Condition> conditions = new ArrayList<>();
        status.lastFailure().map(Conditions::failure).ifPresent(conditions::add);
        BackupStatus backup = status.backup();
        ProofDue proof = ProofDue.of(settings, backup, state, now);
        if (tooOld(backup, proof)) {
            conditions.add(stale(backup, now));
        }
        if (proof.overdue()) {
            conditions.add(overdue(proof, now));
        }
        growth(state.statistics(), week, now).ifPresent(conditions::add);
        return conditions;
    }

    private static Condition failure(DatabaseStatus.LastFailure failure) {
        return new Condition(
                failure.kind() == FailureKind.REFUSED ? NotifyEvent.REFUSED : NotifyEvent.FAILURE,
                failure.time(),
                Optional.of(failure.kind()),
                failure.operation().label() + " at " + failure.step() + ": " + failure.cause(),
                failure.hint());
    }

    /** A database that is new is not backed up either, and nobody need be told before that is late. */
    private static boolean tooOld(BackupStatus backup, ProofDue proof) {
        boolean late = backup.ageSeconds().isPresent()
                && backup.maxAgeSeconds()
                        .filter(most -> backup.ageSeconds().get() > most)
                        .isPresent();
        return backup.state() == BackupState.STALE && (late || (backup.offloaded() && !proof.overdue()));
    }

    private static Condition stale(BackupStatus backup, Instant now) {
        String age = backup.ageSeconds()
                .map(seconds -> TimeText.length(Duration.ofSeconds(seconds)))
                .orElse("an unknown time");
        String most = backup.maxAgeSeconds()
                .map(seconds -> ", and should for " + TimeText.length(Duration.ofSeconds(seconds)) + " at most")
                .orElse("");
        return new Condition(
                NotifyEvent.STALE,
                now,
                Optional.empty(),
                backup.offloaded()
                        ? "the replica holds the only copy, which is not known to be good"
                        : "the local database has held what the replica may lack for " + age + most,
                "`litestow status` says what failed last and what to do.");
    }

    private static Condition overdue(ProofDue proof, Instant now) {
        return new Condition(
                NotifyEvent.PROOF_OVERDUE,
                now,
                Optional.empty(),
                "it was last proven that the replica restores "
                        + TimeText.length(proof.age().orElseThrow()) + " ago, and should have been within "
                        + TimeText.length(proof.most().orElseThrow()),
                "Run `litestow verify`; what keeps it from a proof it says.");
    }

    private static Optional<Condition> growth(RunStatistics statistics, Optional<Told.ReplicaSize> week, Instant now) {
        long bytes = statistics.replicaBytes().orElse(0L);
        long database = statistics.databaseBytes().orElse(0L);
        return week.filter(before -> bytes > 2 * before.bytes() && bytes > WORTH_TELLING && bytes > 3 * database)
                .map(before -> new Condition(
                        NotifyEvent.REPLICA_GROWTH,
                        now,
                        Optional.empty(),
                        String.format(
                                Locale.ROOT,
                                "the replica has %,d bytes; at %s it had %,d",
                                bytes,
                                before.at(),
                                before.bytes()),
                        "`litestow prune --dry-run` says what stays and why; see the retention settings."));
    }

    /** Returns what the size of the replica is to be compared with from now on. */
    static Optional<Told.ReplicaSize> week(Optional<Told.ReplicaSize> week, Optional<Long> bytes, Instant now) {
        boolean holds =
                week.filter(before -> before.at().plus(WEEK).isAfter(now)).isPresent();
        return holds || bytes.isEmpty() ? week : Optional.of(new Told.ReplicaSize(now, bytes.get()));
    }
}
