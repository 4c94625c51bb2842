package io.github.litestow.run.prune;

import io.github.litestow.config.ObjectLock;
import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunTime;
import io.github.litestow.sqlite.StateFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Pruning by itself, as the command does it, and as the last step of a snapshot. It is no run of the
 * journal: nothing that it does or fails to do says anything of the backup.
 */
public final class PruneRun {
    private static final Duration TIMEOUT = Duration.ofHours(1);

    private final Database database;
    private final Litestream litestream;
    private final Clock clock;

    /** Prepares the pruning of one database. */
    public PruneRun(Database database, Litestream litestream, Clock clock) {
        this.database = database;
        this.litestream = litestream;
        this.clock = clock;
    }

    /**
     * Prunes after a snapshot. A backup that is confirmed does not fail because the replica could not
     * be made smaller; where Litestow cannot delete at all, that was said at the start.
     *
     * @param clock this host's, which decides only as far as the store agrees
     */
    public static void after(RunContext context, Litestream litestream, Clock clock) {
        if (!context.database().replica().keepsObjects()) {
            return;
        }
        try {
            context.takeLease();
            Pruner pruning = new Pruner(context, litestream);
            Instant now = believable(context.database(), clock);
            pruning.carryOut(pruning.plan(now, true), now);
        } catch (Failure e) {
            boolean locked = context.database().settings().s3().storing().lock() != ObjectLock.OFF;
            if (locked && e.kind() == FailureKind.ACCESS_DENIED) {
                // Keys that may delete nothing are what object lock is for; what is old is the bucket's to expire.
                context.note("retention is left to the bucket: " + e.getMessage());
                return;
            }
            context.warn("the replica was not pruned: " + e.getMessage() + ". " + e.hint());
        }
    }

    /** Prunes under the database lock; a dry run only reads, so it needs none. */
    public PruneReport run(String holder, boolean dryRun) throws Failure {
        if (!database.replica().keepsObjects()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "Litestow cannot prune " + database.settings().replica(),
                    "Bound the replica by the storage's own lifecycle rules; this scheme is passed through to"
                            + " litestream.");
        }
        if (dryRun) {
            database.replica().probeReading();
            return prune(holder, true);
        }
        database.replica().probe();
        StateFolder.ensure(database.settings());
        Optional<Held> lock = database.lock().take(holder);
        if (lock.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY, "another run is working on this database", "Wait for it to end, and try again.");
        }
        try (Held held = lock.get()) {
            return prune(holder, false);
        }
    }

    /** Nothing is deleted by a clock that the store contradicts: minutes-old points would be old at once. */
    private static Instant believable(Database database, Clock clock) throws Failure {
        RunTime time = new RunTime(database.replica(), clock);
        Optional<String> contradiction = time.contradiction();
        if (contradiction.isPresent()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    contradiction.get(),
                    "Nothing is deleted until they agree: set the clock of this host, or that of the store.");
        }
        return time.now();
    }

    private PruneReport prune(String holder, boolean dryRun) throws Failure {
        Instant now = dryRun ? clock.instant() : believable(database, clock);
        Deadline deadline = new Deadline(
                System::nanoTime, TIMEOUT, "A prune's deadline is fixed; what is left is deleted the next time.");
        try (RunContext context = new RunContext("prune", database, deadline, new Cancellation(), holder, false)) {
            if (!dryRun) {
                context.takeLease();
            }
            Pruner pruning = new Pruner(context, litestream);
            Pruner.Plan plan = pruning.plan(now, !dryRun);
            if (!dryRun) {
                pruning.carryOut(plan, now);
            }
            return PruneReport.of(database.name(), dryRun, plan, now);
        }
    }
}
