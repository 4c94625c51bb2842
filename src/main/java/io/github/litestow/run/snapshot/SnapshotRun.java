package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.CheckedRestore;
import io.github.litestow.run.CrashRecovery;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunTime;
import io.github.litestow.run.StatisticsRecorder;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Ownership;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.Removability;
import io.github.litestow.sqlite.RestoreTrial;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.sqlite.Seal;
import io.github.litestow.store.Replica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One snapshot, from a look at the local database to its deletion on proof (design section 4). Reads
 * top to bottom in {@link #run}; each step either goes on or ends the run with nothing lost.
 */
public final class SnapshotRun {
    private static final int ATTEMPTS = 3;

    private final RunContext context;
    private final SnapshotRequest request;
    private final Litestream litestream;
    private final Clock clock;
    private final ConfiguredDatabase settings;
    private final Journal journal;
    private final Replica replica;
    private final ReplicaTransfer transfer;
    private final RunTime time;
    /** Why the local database stays although it is to be deleted. */
    private Optional<String> notRemovable = Optional.empty();

    /** Prepares the run; {@link #run} does it. */
    public SnapshotRun(RunContext context, SnapshotRequest request, Litestream litestream, Clock clock) {
        this.context = context;
        this.request = request;
        this.litestream = litestream;
        this.clock = clock;
        this.settings = context.database().settings();
        this.journal = context.database().journal();
        this.replica = context.database().replica();
        this.time = new RunTime(replica, clock);
        this.transfer = new ReplicaTransfer(context, litestream, clock);
    }

    /** Takes the snapshot, and returns how that ended. */
    public Outcome run() throws Failure {
        context.at(Step.RECOVER);
        LocalFile local = CrashRecovery.run(context.database());
        context.at(Step.LOOK);
        if (local.state() == LocalFile.State.MISSING) {
            return new AbsentDatabase(context, litestream, clock).outcome();
        }
        context.statistics().database(local.mainBytes());
        notRemovable = deletionAsked() ? Removability.obstacle(settings.database()) : Optional.empty();
        Optional<Outcome> unchanged = unchanged();
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        refuseUnsound(local);
        tryTheWayBack();
        context.at(Step.PROBE);
        replica.probe();
        context.takeLease();
        context.database().unfinishedUploads().giveUp(context);
        context.at(Step.ADMIT);
        new LineageCheck(context, litestream)
                .decide(local, request.adopt() || settings.snapshot().adopt());
        Optional<String> differed = Optional.empty();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            context.at(Step.REPLICATE);
            RestorePoint confirmed = replicate();
            refuseStandstill(confirmed, differed);
            if (keepsLocalCopy()) {
                return keep(confirmed, deletionAsked() ? Kept.NOT_REMOVABLE : Kept.ASKED);
            }
            context.at(Step.RESTORE);
            ReplicaTransfer.Restored restored = transfer.restoredOrHealed(confirmed);
            Optional<Outcome> end = offload(restored.point(), restored.file());
            if (end.isPresent()) {
                return end.get();
            }
            differed = Optional.of(restored.point().txid());
        }
        return keep(journal.state().newest().orElseThrow(), Kept.CHANGED);
    }

    private Optional<Outcome> unchanged() throws Failure {
        DatabaseState state = journal.state();
        if (!request.confirmOnly() && !provenLately()) {
            // Nothing may have happened here, but the replica can rot by itself.
            return Optional.empty();
        }
        Optional<String> recorded = state.lineage().flatMap(Lineage::fingerprint);
        if (recorded.isEmpty() || state.newest().isEmpty()) {
            return Optional.empty();
        }
        if (!recorded.get().equals(Fingerprint.take(settings).text())) {
            return Optional.empty();
        }
        // Nothing happened here; whether the replica still ends there, only the replica can say.
        context.at(Step.PROBE);
        return replica.head().filter(state.newest().get().txid()::equals).isPresent()
                ? Optional.of(new Outcome.Unchanged(state.newest().get()))
                : Optional.empty();
    }

    /** Damaged, zero bytes, not a database, under two names, too little room: refused before anything is uploaded. */
    private void refuseUnsound(LocalFile local) throws Failure {
        switch (local.state()) {
            case EMPTY ->
                throw new Failure(
                        FailureKind.REFUSED,
                        settings.database() + " has no bytes",
                        "Nothing was uploaded. An application's connect makes such a file; bring the database back with"
                                + " `restore`, or let the application write to it.");
            case FOREIGN -> throw DatabaseCheck.notADatabase(settings.database());
            default -> CheckedRestore.requireSound(context, local);
        }
        if (!keepsLocalCopy()) {
            LocalFile.requireOneName(settings.database());
        }
        DiskSpace.require(settings, 2 * local.bytes());
    }

    /** Whoever wrote between upload and seal must have brought the engine a new transaction. */
    private void refuseStandstill(RestorePoint confirmed, Optional<String> differed) throws Failure {
        if (differed.filter(confirmed.txid()::equals).isPresent()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the engine says that nothing is new after " + confirmed.txid()
                            + ", but the local database differs from what that restores",
                    "Nothing was deleted. Check that the binary is litestream of generation 0.5, and keep a copy by hand"
                            + " until a run proves again.");
        }
    }

    /** Before anything is uploaded, let alone deleted: could it be deleted, and could a restore put it back? */
    private void tryTheWayBack() throws Failure {
        if (deletionAsked() && notRemovable.isEmpty()) {
            notRemovable = RestoreTrial.obstacle(settings);
        }
        notRemovable.ifPresent(why -> context.warn("the local copy is kept: " + why));
    }

    /** Uploads, and writes down what was confirmed before anything else can go wrong. */
    private RestorePoint replicate() throws Failure {
        Fingerprint before = Fingerprint.take(settings);
        RestorePoint point = transfer.confirmed(context.deadline().remaining());
        boolean nothingNew = transfer.ledger().known(point.txid()).isPresent();
        LocalFile now = LocalFile.look(settings);
        transfer.ledger().record(point, now.mainBytes(), nothingNew ? trusted(before) : Optional.empty());
        rememberOwnership();
        return point;
    }

    /** Here and at the replica, where a new machine finds it. */
    private void rememberOwnership() throws Failure {
        String ownership = ownership();
        if (!journal.state().attributes().equals(Optional.of(ownership))) {
            journal.change(change -> change.attributes(ownership));
        }
        try {
            replica.ownership().keep(ownership);
        } catch (Failure e) {
            context.warn("owner and mode of the database could not be written down at the replica: " + e.getMessage());
        }
    }

    private boolean deletionAsked() {
        return !request.keep() && settings.snapshot().deleteLocal();
    }

    private boolean keepsLocalCopy() {
        return !deletionAsked() || notRemovable.isPresent();
    }

    private boolean provenLately() {
        Instant now = time.now();
        Instant due = now.minus(settings.verifyEvery());
        return journal.state()
                .provenAt()
                .filter(proven -> proven.isAfter(due) && RunTime.past(proven, now))
                .isPresent();
    }

    /** A database that is here, for whatever reason, is proven at least once per {@code verify.every}. */
    private Outcome keep(RestorePoint confirmed, Kept why) throws Failure {
        // Three comparisons that failed need not be a writer's doing: then it is proven in any case.
        boolean provenLately = why != Kept.CHANGED && provenLately();
        if (provenLately || request.confirmOnly()) {
            return new Outcome.Snapshotted(confirmed, why);
        }
        Optional<RestorePoint> proven = new OnlineVerification(context, transfer).prove();
        if (proven.isEmpty()) {
            context.warn("confirmed, but too busy to be proven; the next run tries again");
            return new Outcome.Snapshotted(confirmed, why);
        }
        transfer.ledger().recordProof(proven.get(), LocalFile.look(settings).mainBytes());
        return new Outcome.Snapshotted(proven.get(), why);
    }

    /**
     * Returns a fingerprint to believe in, if there is one. The engine found nothing new between {@code
     * before} and now, so if the WAL did not change either, what is here is what the replica holds.
     */
    private Optional<String> trusted(Fingerprint before) throws Failure {
        Fingerprint after = Fingerprint.take(settings);
        return keepsLocalCopy() && after.sameWal(before) && after.walSettled(clock.instant())
                ? Optional.of(after.text())
                : Optional.empty();
    }

    /** Seal, compare, delete. Empty when somebody wrote since the upload, so that it must be redone. */
    private Optional<Outcome> offload(RestorePoint confirmed, Path copy) throws Failure {
        context.at(Step.SEAL);
        context.database().lease().renew();
        context.wal().letGo();
        Duration timeout = context.deadline().remaining(settings.snapshot().sealTimeout());
        Optional<Seal> sealed = Seal.take(settings, timeout, context.limit());
        if (sealed.isEmpty()) {
            return Optional.of(keep(confirmed, Kept.IN_USE));
        }
        try (StatisticsRecorder.Sealed measured = context.statistics().sealed();
                Seal seal = sealed.get()) {
            context.at(Step.COMPARE);
            Optional<Proof> proof = seal.compare(copy, confirmed.txid(), context.limit());
            if (proof.isEmpty()) {
                return Optional.empty();
            }
            RestorePoint proven = confirmed.as(Assurance.PROVEN);
            context.database().lease().requireByClock();
            if (context.cancellation().cancelled()) {
                RecordedPoint kept = transfer.ledger().recorded(proven);
                journal.change(change -> change.made(kept));
                return Optional.of(new Outcome.Snapshotted(proven, Kept.STOPPING));
            }
            context.at(Step.DELETE);
            Optional<String> fileId = RestoredFileInstaller.fileId(settings.database());
            RecordedPoint recorded = transfer.ledger().recorded(proven);
            journal.change(change -> change.made(recorded).provenAt(time.now()).deleting(proven.txid(), fileId));
            seal.delete(proof.get()).ifPresent(why -> context.warn(why.getMessage()));
        }
        RestorePoint offloaded = confirmed.as(Assurance.OFFLOADED);
        journal.change(change -> change.made(offloaded).offloaded());
        return Optional.of(new Outcome.Offloaded(offloaded));
    }

    private String ownership() throws Failure {
        try {
            return Ownership.of(settings.database());
        } catch (IOException e) {
            throw Failure.disk("cannot read owner and mode of " + settings.database(), e);
        }
    }
}
