package io.github.litestow.run.snapshot;

import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.Journal;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.CrashRecovery;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.LateWrites;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunEvidence;
import io.github.litestow.run.RunTime;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.store.Replica;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proves that the replica is good: restores its newest point to scratch, checked, and compares it
 * with the local database where there is one. Deletes nothing, whatever the settings say.
 */
public final class VerificationRun {
    private final RunContext context;
    private final Litestream litestream;
    private final Clock clock;
    private final Journal journal;
    private final Replica replica;
    private final ReplicaTransfer transfer;

    /** Prepares the run; {@link #run} does it. */
    public VerificationRun(RunContext context, Litestream litestream, Clock clock) {
        this.context = context;
        this.litestream = litestream;
        this.clock = clock;
        this.journal = context.database().journal();
        this.replica = context.database().replica();
        this.transfer = new ReplicaTransfer(context, litestream, clock);
    }

    /** Verifies, and returns how that ended. */
    public Outcome run() throws Failure {
        context.at(Step.RECOVER);
        LocalFile local = CrashRecovery.run(context.database());
        if (local.state() == LocalFile.State.FOREIGN) {
            throw DatabaseCheck.notADatabase(context.database().settings().database());
        }
        context.at(Step.PROBE);
        if (local.state() == LocalFile.State.DATABASE) {
            replica.probe();
            return withLocal(local);
        }
        return ofReplicaAlone();
    }

    private Outcome withLocal(LocalFile local) throws Failure {
        context.at(Step.LOOK);
        Soundness soundness = new Soundness(context);
        soundness.require();
        DiskSpace.require(context.database().settings(), 2 * local.bytes());
        context.takeLease();
        context.at(Step.ADMIT);
        new LineageCheck(context, litestream).decide(local, false);
        Optional<RestorePoint> proven = underSeal(soundness);
        if (proven.isEmpty()) {
            proven = new OnlineVerification(context, transfer).prove();
        }
        if (proven.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY,
                    context.database().settings().database() + " could not be compared with what was uploaded",
                    "Its application changes the journal mode or starts the write-ahead log over all the time. Try again"
                            + " at a quieter hour.");
        }
        transfer.ledger()
                .recordProof(
                        proven.get(),
                        LocalFile.look(context.database().settings()).mainBytes());
        return new Outcome.Verified(proven.get(), true);
    }

    /** Where nobody has it open and the engine would upload everything first. */
    private Optional<RestorePoint> underSeal(Soundness soundness) throws Failure {
        Offload offload = new Offload(context, transfer, new RunTime(replica, clock));
        SnapshotUpload upload = new SnapshotUpload(context, transfer, offload, soundness, clock);
        if (!upload.withoutEngine()) {
            return Optional.empty();
        }
        SnapshotUpload.Made made = upload.keeping();
        return made.byPages()
                ? new SealedVerification(context, transfer, offload).prove(made.point())
                : Optional.empty();
    }

    /**
     * Proves, with no local database to compare with, that the newest point still restores, whole: what
     * was proven when there was one stays proven.
     *
     * @throws Failure {@code PROOF_FAILED} when it does not, or is not the newest that is known; {@code REFUSED}
     *     when the replica is another one
     */
    Outcome ofReplicaAlone() throws Failure {
        context.at(Step.PROBE);
        replica.probeReading();
        List<RestorePoint> all = replica.points();
        LateWrites late = LateWrites.seenAt(replica);
        late.words(all).ifPresent(context::warn);
        List<RestorePoint> points = late.without(all);
        if (points.isEmpty()) {
            EmptyReplica.believe(replica, journal.state());
            return new Outcome.NothingToRestore(Optional.empty(), Optional.empty());
        }
        LineageCheck.refuseAnother(context);
        RestorePoint point = points.get(points.size() - 1);
        refuseShortened(point);
        context.at(Step.RESTORE);
        transfer.knownPages().restored(point.txid(), transfer.restoredWithRoom(point));
        context.evidence().proven(RunEvidence.How.RESTORED);
        context.database().refutation().over();
        if (journal.state()
                .newestProven()
                .filter(known -> known.txid().equals(point.txid()))
                .isPresent()) {
            journal.change(change -> change.provenAt(clock.instant()));
        }
        return new Outcome.Verified(point, false);
    }

    /** A replica whose last file is missing restores silently to an older point. */
    private void refuseShortened(RestorePoint head) throws Failure {
        Optional<String> lost = Stream.concat(replica.proofs().stream(), journal.state().newest().stream())
                .map(RestorePoint::txid)
                .max(String::compareTo)
                .filter(known -> known.compareTo(head.txid()) > 0);
        if (lost.isPresent()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the replica " + replica.url() + " ends at " + head.txid() + ", but restore point " + lost.get()
                            + " was confirmed there: its newest files are missing",
                    "Bring the missing files back (bucket versioning?), or accept the loss with `restore --fallback`.");
        }
    }
}
