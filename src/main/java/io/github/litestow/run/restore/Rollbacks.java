package io.github.litestow.run.restore;

import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.CrashRecovery;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.RunExecutor.Entry;
import io.github.litestow.run.Step;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.SnapshotRun;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Seal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Puts an older restore point in the place of a database that went wrong. What is there is uploaded first, as
 * far as it can be, and goes to quarantine in any case: a rollback can be rolled back. Safe for concurrent use.
 */
@ApplicationScoped
public class Rollbacks {
    private static final Duration TIMEOUT = Duration.ofDays(1);
    private static final Duration LET_GO = Duration.ofSeconds(1);

    private final RunExecutor runs;
    private final Litestream litestream;
    private final Clock clock;

    public Rollbacks(RunExecutor runs, Litestream litestream, Clock clock) {
        this.runs = runs;
        this.litestream = litestream;
        this.clock = clock;
    }

    /**
     * Rolls back, and returns how that ended: in the record of a restore, or in that of the snapshot before
     * it when the database is in use or another run works on it, and nothing was done.
     *
     * @param trigger what asks
     * @param to the point, which the replica holds
     */
    public RunRecord rollback(Database database, String trigger, RestorePoint to) {
        Optional<RunRecord> before = database.missing() ? Optional.empty() : Optional.of(upload(database, trigger));
        if (before.filter(Rollbacks::nothingMayBeDone).isPresent()) {
            return before.get();
        }
        RestoreRequest request = new RestoreRequest(
                trigger,
                new RestoreRequest.Point(Optional.of(to.txid()), Optional.empty()),
                new RestoreRequest.Target(Optional.empty(), true, false),
                false,
                false);
        return runs.execute(database, Operation.RESTORE, trigger, TIMEOUT, Entry.ORDINARY, context -> {
            refuseInUse(context);
            Outcome outcome = new RestoreRun(context, request, litestream, clock).run();
            before.ifPresent(record -> tell(context, record.result()));
            return outcome;
        });
    }

    private RunRecord upload(Database database, String trigger) {
        SnapshotRequest request = new SnapshotRequest(trigger, true, false, Optional.empty());
        return runs.execute(database, Operation.SNAPSHOT, trigger, TIMEOUT, Entry.ORDINARY, context -> {
            refuseInUse(context);
            return new SnapshotRun(context, request, litestream, clock).run();
        });
    }

    private static boolean nothingMayBeDone(RunRecord record) {
        return record.result().skipReason().isPresent()
                || record.result()
                        .failure()
                        .filter(failed -> failed.kind() == FailureKind.BUSY)
                        .isPresent();
    }

    private static void tell(RunContext context, Outcome before) {
        Optional<RestorePoint> point = before.restorePoint();
        context.warn(
                point.isPresent()
                        ? "what was there before is restore point "
                                + point.get().txid() + ", too: `rollback --to "
                                + point.get().txid() + "` brings it back"
                        : "what was there before could not be uploaded (" + before.words() + "): it is in quarantine"
                                + " only, which keeps it for LITESTOW_QUARANTINE_KEEP_FOR");
    }

    /** Before anything is uploaded or downloaded for it; who comes later is met by the restore itself. */
    private static void refuseInUse(RunContext context) throws Failure {
        context.at(Step.RECOVER);
        LocalFile local = CrashRecovery.run(context.database());
        context.at(Step.LOOK);
        if (local.state() != LocalFile.State.DATABASE) {
            return;
        }
        // What this service itself holds of it between its runs is no use of it.
        context.wal().letGo();
        try {
            Optional<Seal> seal = Seal.take(context.database().settings(), LET_GO, context.limit());
            if (seal.isEmpty()) {
                throw new Failure(
                        FailureKind.BUSY,
                        context.database().settings().database() + " is in use",
                        "Nothing was done. Stop the application that has it open, then roll back.");
            }
            seal.get().close();
        } catch (Failure e) {
            // Nobody can be using what SQLite cannot open; a migration may have left it so.
            if (e.kind() != FailureKind.SOURCE_DAMAGED) {
                throw e;
            }
        }
    }
}
