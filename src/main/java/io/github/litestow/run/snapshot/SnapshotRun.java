package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.CrashRecovery;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunTime;
import io.github.litestow.run.Step;
import io.github.litestow.run.snapshot.ChangeDetection.State;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.FileNames;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LastPage;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.Removability;
import io.github.litestow.sqlite.RestoreTrial;
import io.github.litestow.sqlite.Seal;
import io.github.litestow.store.Replica;
import java.time.Clock;
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
    private final Offload offload;
    private final Soundness soundness;
    private final SnapshotUpload upload;
    private final SealedVerification sealed;
    private final OwedWork owed;
    /** How the run ended, once the database is deleted. */
    private Optional<Outcome> end = Optional.empty();
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
        this.offload = new Offload(context, transfer, time);
        this.soundness = new Soundness(context);
        this.upload = new SnapshotUpload(context, transfer, offload, soundness, clock);
        this.sealed = new SealedVerification(context, transfer, offload);
        this.owed = new OwedWork(context.database(), request, time);
    }

    /** Takes the snapshot, and returns how that ended. */
    public Outcome run() throws Failure {
        context.at(Step.RECOVER);
        LocalFile local = CrashRecovery.run(context.database());
        context.database().lookAtLock().ifPresent(lock -> context.warn(lock.words() + ". " + lock.hint()));
        context.at(Step.LOOK);
        if (local.state() == LocalFile.State.MISSING) {
            return new AbsentDatabase(context, litestream, clock).outcome();
        }
        context.statistics().database(local.mainBytes());
        notRemovable = deletionAsked() ? Removability.obstacle(settings.database()) : Optional.empty();
        Optional<Outcome> unchanged = keepsLocalCopy() ? unchanged() : Optional.empty();
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        refuseUnsound(local);
        tryTheWayBack();
        context.at(Step.PROBE);
        // Unless this host's clock and the store's are to be compared anew, after a suspension say.
        boolean tried = context.database().triedLately() && time.contradiction().isEmpty();
        if (!tried) {
            replica.probe();
        }
        context.takeLease();
        if (!tried) {
            context.database().unfinishedUploads().giveUp(context);
            context.database().tried();
        }
        context.at(Step.ADMIT);
        admit(local);
        Optional<String> differed = Optional.empty();
        boolean distrusted = false;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            SnapshotUpload.Made made = upload(distrusted);
            if (end.isPresent()) {
                return end.get();
            }
            refuseStandstill(made, differed);
            if (keepsLocalCopy()) {
                return keep(made, deletionAsked() ? Kept.NOT_REMOVABLE : Kept.ASKED);
            }
            if (made.state() == State.IN_USE) {
                return keep(made, Kept.IN_USE);
            }
            context.at(Step.RESTORE);
            ReplicaTransfer.Restored restored = transfer.restoredOrHealed(made.point());
            boolean byPages = made.byPages() && restored.point().equals(made.point());
            if (!byPages) {
                transfer.knownPages().learn(restored.point().txid(), restored.file());
            }
            switch (offload.compare(restored, (seal, proof) -> delete(seal, proof, restored.point(), true))) {
                case DONE -> {
                    return end.orElseThrow();
                }
                case IN_USE -> {
                    return keep(made, Kept.IN_USE);
                }
                case DIFFERENT -> distrusted = byPages && sealed.distrusts(restored);
            }
            differed = Optional.of(restored.point().txid());
        }
        return keep(new SnapshotUpload.Made(State.FREE, journal.state().newest().orElseThrow()), Kept.CHANGED);
    }

    private void delete(Seal seal, Proof proof, RestorePoint point, boolean provenNow) throws Failure {
        end = Optional.of(offload.delete(seal, proof, point, provenNow));
    }

    private SnapshotUpload.Made upload(boolean everything) throws Failure {
        if (everything) {
            return upload.everything();
        }
        if (keepsLocalCopy()) {
            return upload.keeping();
        }
        Optional<RestorePoint> newest = journal.state().newest();
        boolean lately = newest.isPresent()
                && !owed.refuted()
                && transfer.knownPages().provenLately(newest.get().txid());
        return upload.offloading((seal, proof) -> {
            if (lately && proof.txid().equals(newest.get().txid())) {
                delete(seal, proof, newest.get(), false);
            }
        });
    }

    private Optional<Outcome> unchanged() throws Failure {
        DatabaseState state = journal.state();
        if (!request.confirmOnly() && !owed.provenLately()) {
            // Nothing may have happened here, but the replica can rot by itself.
            return Optional.empty();
        }
        Optional<String> recorded = state.lineage().flatMap(Lineage::fingerprint);
        if (recorded.isEmpty()
                || state.newest().isEmpty()
                || owed.moreThanALook(state.newest().get())) {
            return Optional.empty();
        }
        if (!recorded.get().equals(Fingerprint.take(settings).text())) {
            return Optional.empty();
        }
        // Nothing happened here; whether the replica still ends there, only the replica can say.
        context.at(Step.PROBE);
        return replica.head().filter(state.newest().get().txid()::equals).isPresent()
                        && !LineageCheck.isAnother(context)
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
            default -> {
                // A seal has SQLite fill a cut page up with zeros, after which nothing shows it any more.
                if (!upload.looksAtPages(keepsLocalCopy()) || LastPage.looksCut(settings.database())) {
                    soundness.require();
                }
            }
        }
        if (!keepsLocalCopy()) {
            FileNames.requireOne(settings.database());
        }
        DiskSpace.require(settings, 2 * local.bytes());
    }

    /** Whoever wrote between upload and seal must have brought the engine a new transaction. */
    private void refuseStandstill(SnapshotUpload.Made made, Optional<String> differed) throws Failure {
        RestorePoint confirmed = made.point();
        if (!made.byPages() && differed.filter(confirmed.txid()::equals).isPresent()) {
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

    /** What is damaged is called that, and not foreign. */
    private void admit(LocalFile local) throws Failure {
        try {
            new LineageCheck(context, litestream)
                    .decide(local, request.adopt() || settings.snapshot().adopt());
        } catch (Failure e) {
            if (e.kind() == FailureKind.REFUSED) {
                soundness.require();
            }
            throw e;
        }
    }

    private boolean deletionAsked() {
        return request.away() || (!request.keep() && settings.snapshot().deleteLocal());
    }

    private boolean keepsLocalCopy() {
        return !deletionAsked() || notRemovable.isPresent();
    }

    /** A database that is here, for whatever reason, is proven at least once per {@code verify.every}. */
    private Outcome keep(SnapshotUpload.Made made, Kept why) throws Failure {
        RestorePoint confirmed = made.point();
        // Three comparisons that failed need not be a writer's doing: then it is proven in any case.
        boolean provenLately = why != Kept.CHANGED && owed.provenLately();
        if (provenLately || request.confirmOnly()) {
            boolean unchanged = made.state() == State.UNCHANGED && why != Kept.IN_USE && !owed.moreThanALook(confirmed);
            return unchanged ? new Outcome.Unchanged(confirmed) : new Outcome.Snapshotted(confirmed, why);
        }
        Optional<RestorePoint> proven = made.byPages() ? sealed.prove(confirmed) : Optional.empty();
        if (proven.isEmpty()) {
            soundness.require();
            proven = new OnlineVerification(context, transfer).prove();
        }
        if (proven.isEmpty()) {
            context.warn("confirmed, but too busy to be proven; the next run tries again");
            return new Outcome.Snapshotted(confirmed, why);
        }
        transfer.ledger().recordProof(proven.get(), LocalFile.look(settings).mainBytes());
        return new Outcome.Snapshotted(proven.get(), why);
    }
}
