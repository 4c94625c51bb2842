package io.github.litestow.run;

import io.github.litestow.litestream.Cancellation;
import io.github.litestow.litestream.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.StateFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Pruning by itself, as the command does it, and as the last step of a snapshot. It is no run of the
 * journal: nothing that it does or fails to do says anything of the backup.
 */
final class PruneRun {
    private static final Duration MOST = Duration.ofHours(1);

    private final Database database;
    private final Litestream litestream;
    private final Clock clock;

    PruneRun(Database database, Litestream litestream, Clock clock) {
        this.database = database;
        this.litestream = litestream;
        this.clock = clock;
    }

    /**
     * Prunes after a snapshot. A backup that is confirmed does not fail because the replica could not
     * be made smaller; where Litestow cannot delete at all, that was said at the start.
     */
    static void after(RunScope scope, Litestream litestream, Instant now) {
        if (!scope.database().replica().keepsObjects()) {
            return;
        }
        try {
            scope.takeLease();
            scope.database().lease().confirm();
            Pruning pruning = new Pruning(scope, litestream);
            pruning.carryOut(pruning.plan(now));
        } catch (Failure e) {
            scope.warn("the replica was not pruned: " + e.getMessage() + ". " + e.hint());
        }
    }

    /** Prunes under the claim and the lease; a dry run only reads, so it needs none. */
    PruneReport run(String holder, boolean dryRun) throws Failure {
        if (!database.replica().keepsObjects()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "Litestow cannot prune " + database.settings().replica(),
                    "Bound the replica by the storage's own lifecycle rules; this scheme is passed through to"
                            + " litestream.");
        }
        database.replica().probeReading();
        if (dryRun) {
            return prune(holder, true);
        }
        StateFolder.ensure(database.settings());
        Optional<Claim.Held> claim = database.claim().take(holder);
        if (claim.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY, "another run is working on this database", "Wait for it to end, and try again.");
        }
        try (Claim.Held held = claim.get()) {
            return prune(holder, false);
        }
    }

    private PruneReport prune(String holder, boolean dryRun) throws Failure {
        Instant now = clock.instant();
        Deadline deadline = new Deadline(System::nanoTime, MOST);
        try (RunScope scope = new RunScope("prune", database, deadline, new Cancellation(), holder)) {
            if (!dryRun) {
                scope.takeLease();
                database.lease().confirm();
            }
            Pruning pruning = new Pruning(scope, litestream);
            Pruning.Plan plan = pruning.plan(now);
            if (!dryRun) {
                pruning.carryOut(plan);
            }
            return PruneReport.of(database.name(), dryRun, plan, now);
        }
    }
}
