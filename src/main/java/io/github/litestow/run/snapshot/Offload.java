package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.Journal;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunEvidence;
import io.github.litestow.run.RunTime;
import io.github.litestow.run.StatisticsRecorder;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.sqlite.Seal;
import java.time.Duration;
import java.util.Optional;

/** The end of a database that is proven: seal, compare, and delete under the same seal. */
final class Offload {
    private final RunContext context;
    private final ReplicaTransfer transfer;
    private final RunTime time;
    private final ConfiguredDatabase settings;
    private final Journal journal;

    Offload(RunContext context, ReplicaTransfer transfer, RunTime time) {
        this.context = context;
        this.transfer = transfer;
        this.time = time;
        this.settings = context.database().settings();
        this.journal = context.database().journal();
    }

    /** How a comparison under the seal ended, if not with a proof. */
    enum End {
        /** It was proven, and what was to be done on that is done. */
        DONE,
        /** Somebody has the database open. */
        IN_USE,
        /** Somebody wrote since the upload, or what was uploaded is something else. */
        DIFFERENT
    }

    /** What is done on a proof, under its seal. */
    interface Use {
        void of(Seal seal, Proof proof) throws Failure;
    }

    /** Takes exclusive use, with which a run may do what it likes until it closes it. */
    Optional<Seal> seal(Duration most) throws Failure {
        context.at(Step.SEAL);
        context.database().lease().renew();
        context.wal().letGo();
        context.admitted().require();
        Optional<Seal> seal = Seal.take(settings, context.deadline().remaining(most), context.limit());
        try {
            // What is sealed is the file at the path, so this is the one that was let pass, or not.
            context.admitted().require();
            return seal;
        } catch (Failure e) {
            giveBack(seal, e);
            throw e;
        }
    }

    private static void giveBack(Optional<Seal> seal, Failure why) {
        try {
            if (seal.isPresent()) {
                seal.get().close();
            }
        } catch (Failure e) {
            why.addSuppressed(e);
        }
    }

    /** Compares the database with what was restored of a point, and does something on the proof. */
    End compare(ReplicaTransfer.Restored restored, Use use) throws Failure {
        Optional<Seal> sealed = seal(settings.snapshot().sealTimeout());
        if (sealed.isEmpty()) {
            return End.IN_USE;
        }
        try (StatisticsRecorder.Sealed measured = context.statistics().sealed();
                Seal seal = sealed.get()) {
            context.at(Step.COMPARE);
            Optional<Proof> proof =
                    seal.compare(restored.file(), restored.point().txid(), context.limit());
            if (proof.isEmpty()) {
                return End.DIFFERENT;
            }
            transfer.knownPages().proven(restored.point().txid());
            context.evidence().proven(RunEvidence.How.SEALED);
            use.of(seal, proof.get());
            return End.DONE;
        }
    }

    /**
     * Deletes the database.
     *
     * @param confirmed the point that is proven
     * @param provenNow whether by a restore just now; if not, it was lately
     */
    Outcome delete(Seal seal, Proof proof, RestorePoint confirmed, boolean provenNow) throws Failure {
        RestorePoint proven = confirmed.as(Assurance.PROVEN);
        RecordedPoint recorded = transfer.ledger().recorded(proven);
        context.database().lease().requireByClock();
        if (context.cancellation().cancelled()) {
            journal.change(change -> change.made(recorded));
            return new Outcome.Snapshotted(proven, Kept.STOPPING);
        }
        context.at(Step.DELETE);
        // What may be here after this did not make the replica's head.
        transfer.differences().clear();
        Optional<String> fileId = RestoredFileInstaller.fileId(settings.database());
        journal.change(change -> {
            change.made(recorded).deleting(proven.txid(), fileId);
            if (provenNow) {
                change.provenAt(time.now());
            }
        });
        seal.delete(proof).ifPresent(why -> context.warn(why.getMessage()));
        RestorePoint offloaded = confirmed.as(Assurance.OFFLOADED);
        journal.change(change -> change.made(offloaded).offloaded());
        return new Outcome.Offloaded(offloaded);
    }
}
