package io.github.litestow.run.snapshot;

import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.CrashRecovery;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.store.Replica;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Proves that the replica is good: restores its newest point to scratch, checked, and compares it
 * with the local database where there is one. Deletes nothing, whatever the settings say.
 */
public final class VerificationRun {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final RunContext context;
    private final Litestream litestream;
    private final Replica replica;
    private final ReplicaTransfer transfer;

    /** Prepares the run; {@link #run} does it. */
    public VerificationRun(RunContext context, Litestream litestream, Clock clock) {
        this.context = context;
        this.litestream = litestream;
        this.replica = context.database().replica();
        this.transfer = new ReplicaTransfer(context, litestream, clock);
    }

    /** Verifies, and returns how that ended. */
    public Outcome run() throws Failure {
        context.at(Step.RECOVER);
        LocalFile local = CrashRecovery.run(context.database());
        context.at(Step.PROBE);
        if (local.state() == LocalFile.State.DATABASE) {
            replica.probe();
            return withLocal(local);
        }
        replica.probeReading();
        return replicaAlone();
    }

    private Outcome withLocal(LocalFile local) throws Failure {
        context.at(Step.LOOK);
        DatabaseCheck.quick(context.database().settings(), local, LOCK_TIMEOUT);
        DiskSpace.require(context.database().settings(), 3 * local.bytes());
        context.takeLease();
        context.at(Step.ADMIT);
        new LineageCheck(context, litestream).decide(local, false);
        Optional<RestorePoint> proven = new OnlineVerification(context, transfer).prove();
        if (proven.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY,
                    context.database().settings().database() + " could not be held back for an instant to be compared",
                    "A writer holds it all the time. Try again at a quieter hour.");
        }
        transfer.recordProof(
                proven.get(), LocalFile.look(context.database().settings()).mainBytes());
        return new Outcome.Verified(proven.get());
    }

    /** With no local database there is nothing to compare with: restored and checked, not proven anew. */
    private Outcome replicaAlone() throws Failure {
        List<RestorePoint> points = replica.points();
        if (points.isEmpty()) {
            LineageCheck.believeEmpty(replica, context.database().journal().state());
            return new Outcome.NothingToRestore(Optional.empty());
        }
        RestorePoint point = points.get(points.size() - 1);
        context.at(Step.RESTORE);
        transfer.restoredWithRoom(point);
        return new Outcome.Verified(point);
    }
}
