package io.github.litestow.service;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.Database;
import io.github.litestow.run.StartLook;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.sqlite.StateFolder;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The start of one database: its lock, its lease, its restore, then cron. Each attempt at a step is a
 * piece of work of its own, and the pause before the next one takes no thread; so a database that
 * waits, for however long, delays no other. Closing the threads ends the start.
 */
final class DatabaseStart {
    private static final Logger LOG = Logger.getLogger(DatabaseStart.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
    private static final Duration LEASE_POLL = Duration.ofSeconds(1);
    private static final Duration MAX_LEASE_POLL = Duration.ofSeconds(15);

    private final Database database;
    private final Restores restores;
    private final SnapshotScheduler cron;
    private final String who;
    private final DaemonThreads steps;
    private final DaemonThreads runs;

    // One attempt follows the other, so these are never used by two threads at once.
    private Duration pause = FIRST_PAUSE;
    private boolean missing;
    private boolean damaged;
    private long leaseWantedSince;
    private Optional<String> leaseHolder = Optional.empty();
    private final RepeatedTrouble leaseTrouble = new RepeatedTrouble(LEASE_POLL, MAX_LEASE_POLL);

    /**
     * Prepares the start.
     *
     * @param who for the messages of others
     * @param steps for what ends soon
     * @param runs for what moves data
     */
    DatabaseStart(
            Database database,
            Restores restores,
            SnapshotScheduler cron,
            String who,
            DaemonThreads steps,
            DaemonThreads runs) {
        this.database = database;
        this.restores = restores;
        this.cron = cron;
        this.who = who;
        this.steps = steps;
        this.runs = runs;
    }

    void begin() {
        missing = database.missing();
        // A group's lock is held for all of them, and a lease taken by each run.
        steps.execute(grouped() ? this::wantRestore : this::takeLock);
    }

    private boolean grouped() {
        return database.settings().group().isPresent();
    }

    private void wantRestore() {
        restoreThreads().execute(this::restore);
    }

    private void takeLock() {
        attempt(this::locked, steps, this::takeLock, this::wantLease);
    }

    private void wantLease() {
        leaseWantedSince = System.nanoTime();
        takeLease();
    }

    private void takeLease() {
        if (!leased()) {
            steps.after(leaseTrouble.pause(), this::takeLease);
        } else if (database.settings().restoreOnStart()) {
            wantRestore();
        } else {
            steps.execute(this::ready);
        }
    }

    /** One that is there is looked at and left alone, as a rule. */
    private DaemonThreads restoreThreads() {
        return database.missing() ? runs : steps;
    }

    private void restore() {
        attempt(this::restored, restoreThreads(), this::restore, this::ready);
    }

    private void ready() {
        if (database.nothingYet()) {
            Failure nothing = database.nothingIsBackedUp();
            LOG.warnf("%s: %s. %s", database.name(), nothing.getMessage(), nothing.hint());
        }
        // Before it is ready: whoever asks for a run then is not to find the database busy with this.
        damaged = !missing && StartLook.findsDamage(database, who);
        database.lookAtLock()
                .ifPresent(lock -> LOG.warnf("%s: not ready: %s. %s", database.name(), lock.words(), lock.hint()));
        database.markReady();
        if (!grouped()) {
            cron.schedule(database);
            runs.execute(this::catchUp);
        }
    }

    private void catchUp() {
        // First: whether the store keeps two writers apart is to be known before a run relies on that.
        database.testConditionalWrites();
        cron.makeUp(database, damaged);
    }

    /** Goes on to the next step, or tries again, with longer and longer pauses. */
    private void attempt(BooleanSupplier step, DaemonThreads threads, Runnable again, Runnable next) {
        if (succeeds(step)) {
            pause = FIRST_PAUSE;
            steps.execute(next);
            return;
        }
        if (threads.closed()) {
            // The service stops: there is no next attempt to speak of.
            return;
        }
        LOG.warnf("%s: next attempt in %d s; not ready until then", database.name(), pause.toSeconds());
        threads.after(pause, again);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(MAX_PAUSE) < 0 ? twice : MAX_PAUSE;
    }

    /** A defect is no reason to leave the database unready for good. */
    private boolean succeeds(BooleanSupplier step) {
        try {
            return step.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: defect in the start", database.name());
            return false;
        }
    }

    private boolean locked() {
        try {
            // For as long as this process lives: what it takes is never given back.
            StateFolder.ensure(database.settings());
            database.lock().host().take(who);
            return true;
        } catch (Failure e) {
            LOG.errorf("%s: %s. %s", database.name(), e.getMessage(), e.hint());
            return false;
        }
    }

    /**
     * Looks once whether another service has the lease; returns whether the start goes on. Without a
     * word from the replica it does so after the lease's time, for a database that is there; one that
     * is missing needs the replica in any case, and its restore says what is wrong.
     */
    private boolean leased() {
        try {
            Optional<String> other = database.lease().keep(who);
            if (other.isPresent() && !other.equals(leaseHolder)) {
                LOG.warnf(
                        "%s: the lease of its replica is held by %s; waiting until it is given back or expires,"
                                + " not ready until then",
                        database.name(), other.get());
            }
            leaseHolder = other;
            leaseTrouble.over();
            return other.isEmpty();
        } catch (Failure e) {
            LOG.logf(
                    leaseTrouble.changed(e) ? Logger.Level.WARN : Logger.Level.DEBUG,
                    "%s: no lease yet: %s. %s",
                    database.name(),
                    e.getMessage(),
                    e.hint());
            boolean waited = System.nanoTime() - leaseWantedSince
                    > database.settings().leaseTime().toNanos();
            return leaseHolder.isEmpty() && (waited || database.missing());
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: defect in the start", database.name());
            return false;
        }
    }

    /**
     * A database that was missing and is there now, though no restore of ours succeeded, was made by
     * somebody who did not wait for us. It is left alone, and we are not ready. One of which a record is
     * kept was put there by an attempt of ours that failed only later.
     */
    private boolean restored() {
        Outcome outcome = restores.restore(database, atStart()).result();
        boolean ours = database.journal().state().lineage().isPresent();
        if (missing && !ours && outcome.which() == Outcome.Case.ALREADY_PRESENT) {
            LOG.errorf(
                    "%s: another process made %s before it was restored. Stop it, move that file away or stop the"
                            + " service and run `restore --replace`",
                    database.name(), database.settings().database());
            return false;
        }
        return outcome.failure().isEmpty() && outcome.skipReason().isEmpty();
    }

    private RestoreRequest atStart() {
        return RestoreRequest.atStart(
                database.settings().restore().required(),
                database.settings().restore().fallback());
    }
}
