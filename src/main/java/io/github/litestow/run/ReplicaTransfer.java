package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.difference.Difference;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.EngineState;
import io.github.litestow.engine.Litestream;
import io.github.litestow.lease.WriteClaims;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.UserVersion;
import io.github.litestow.store.Replica;
import io.github.litestow.store.ReplicaContents;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The two long parts: to the replica and confirmed, and back into scratch. */
public final class ReplicaTransfer {
    private final RunContext context;
    private final Litestream litestream;
    private final RunTime time;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    private final RunLedger ledger;
    private final ScratchRestore scratch;
    private final EngineUpload engine;
    private final PassOver passOver;
    private final DifferenceUpload differences;
    private final KnownPages knownPages;
    private Optional<String> passed = Optional.empty();

    /** Wires the parts for one run. */
    public ReplicaTransfer(RunContext context, Litestream litestream, Clock clock) {
        this.context = context;
        this.litestream = litestream;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
        this.time = new RunTime(replica, clock);
        this.ledger = new RunLedger(context, time);
        this.engine = new EngineUpload(context, litestream, ledger);
        this.passOver = new PassOver(context, litestream);
        this.knownPages = new KnownPages(context, time);
        this.differences = new DifferenceUpload(context, ledger, time);
        this.scratch = new ScratchRestore(context, litestream);
    }

    /** Returns what this run uploaded and proved, and how that is written down. */
    public RunLedger ledger() {
        return ledger;
    }

    /** Returns what is known of the pages of the newest point. */
    public KnownPages knownPages() {
        return knownPages;
    }

    /** Returns what uploads what changed without the engine. */
    public DifferenceUpload differences() {
        return differences;
    }

    /**
     * Uploads what changed, as {@link DifferenceUpload} says.
     *
     * @param files what is at the replica, listed under this lease
     * @return the restore point; empty when the engine has to: the replica does not end where the difference
     *     begins, a writer that was relieved of the lease may still write, or it is damaged at the replica
     */
    public Optional<RestorePoint> confirmed(Difference difference, List<ReplicaFile> files) throws Failure {
        declare(files);
        Optional<String> head = ReplicaFile.end(files);
        boolean free = passed.isEmpty() && contested(files).isEmpty();
        if (!free || !head.equals(Optional.of(difference.since()))) {
            return Optional.empty();
        }
        return differences.confirmed(difference, files);
    }

    /**
     * Uploads, and has an independent listing confirm that the replica ends where the engine says. What
     * keeps the engine from going on is mended on the way ({@link EngineRecovery}).
     *
     * @param most how long the engine may take, if that ends before the run's deadline
     * @return the restore point; an older one of the same transaction if nothing was new
     */
    public RestorePoint confirmed(Duration most) throws Failure {
        List<ReplicaFile> files = context.listing();
        declare(files);
        Optional<String> contested = contested(files);
        if (contested.isEmpty()) {
            uploadHealing(most, false, Optional.of(files));
            return confirm();
        }
        ledger.before(files);
        passOver.past(contested.get(), whole -> uploadHealing(most, whole, Optional.empty()));
        passed = contested;
        return confirm();
    }

    /** Says at the replica what comes, before any engine starts. */
    private void declare(List<ReplicaFile> files) throws Failure {
        Optional<String> head = ReplicaFile.end(files);
        context.database()
                .lease()
                .renewToUpload(WriteClaims.Upload.from(head, EngineState.newestTxid(settings.engineFolder())));
    }

    /** Once this run has passed over them, what follows is only held against that. */
    private Optional<String> contested(List<ReplicaFile> files) throws Failure {
        return LateWrites.seenBy(context.database())
                .contestedUpTo(files)
                .filter(upTo -> passed.filter(done -> done.compareTo(upTo) >= 0).isEmpty());
    }

    /** As {@link #confirmed}, with a whole snapshot: what is damaged at the replica is passed over. */
    public RestorePoint confirmedAnew() throws Failure {
        List<ReplicaFile> files = replica.files();
        declare(files);
        engine.requireLater();
        uploadHealing(context.deadline().remaining(), true, Optional.of(files));
        return confirm();
    }

    /** {@code listed} is what is at the replica, if nothing was written since it was listed. */
    private void uploadHealing(Duration most, boolean wholeSnapshot, Optional<List<ReplicaFile>> listed)
            throws Failure {
        context.requireWritable();
        Optional<List<ReplicaFile>> known = listed;
        EngineRecovery recovery = new EngineRecovery(context, new ReplicaInspection(context, litestream));
        boolean done = false;
        while (!done) {
            recovery.followPageSize();
            List<ReplicaFile> files = known.isPresent() ? known.get() : replica.files();
            known = Optional.empty();
            boolean whole = wholeSnapshotDue(files) || wholeSnapshot;
            try {
                context.wal().around(this::startAfterHead, () -> engine.upload(most, whole));
                done = true;
            } catch (Failure e) {
                recovery.after(e);
            }
        }
    }

    /** Has the engine go on after what is at the replica, but from nothing that it knows: with everything. */
    private void startAfterHead() throws Failure {
        Optional<String> head = replica.contents().positionOfEngine();
        Optional<Integer> pageSize = EngineState.pageSize(settings.engineFolder());
        if (head.isPresent() && pageSize.isPresent()) {
            EnginePosition.put(settings.engineFolder(), head.get(), pageSize.get());
        } else {
            EngineState.drop(settings.engineFolder());
        }
    }

    private boolean wholeSnapshotDue(List<ReplicaFile> files) throws Failure {
        boolean engineKnows = EngineState.newestTxid(settings.engineFolder()).isPresent();
        ledger.before(files);
        return EnginePosition.isOurs(settings.engineFolder()) || UploadPolicy.wholeSnapshot(files, engineKnows);
    }

    private RestorePoint confirm() throws Failure {
        Optional<String> local = EngineState.newestTxid(settings.engineFolder());
        List<ReplicaFile> files = replica.files();
        ledger.after(files);
        Optional<String> head = ReplicaFile.end(files);
        if (local.isEmpty() || !local.equals(head)) {
            throw DifferenceUpload.notListed(
                    settings,
                    "the engine ended well at transaction '" + local.orElse("")
                            + "', but the replica's listing ends at '" + head.orElse("") + "'");
        }
        tidy();
        String txid = local.get();
        if (passed.isPresent()) {
            passOver.requireFree(txid, passed.get());
        }
        return ledger.known(txid).orElseGet(() -> new RestorePoint(txid, time.now(), Assurance.CONFIRMED));
    }

    private void tidy() {
        try {
            EnginePosition.forget(settings.engineFolder());
            EngineState.keepTheNewestTwo(settings.engineFolder());
        } catch (Failure e) {
            context.warn(e.getMessage());
        }
    }

    /** A point and the file it was restored to. */
    public record Restored(RestorePoint point, Path file) {}

    /**
     * Restores a point beside the database. If what is at the replica is damaged, the local
     * database, which is sound, is uploaded whole once more and that is restored.
     */
    public Restored restoredOrHealed(RestorePoint point) throws Failure {
        try {
            return new Restored(point, restored(point));
        } catch (Failure e) {
            if (e.kind() != FailureKind.PROOF_FAILED) {
                throw e;
            }
            context.warn(
                    "the replica does not restore " + point.txid() + ", uploading a whole snapshot: " + e.getMessage());
            RestorePoint anew = confirmedAnew();
            ledger.record(anew, LocalFile.look(settings).mainBytes(), Optional.empty());
            return new Restored(anew, restored(anew));
        }
    }

    /** As {@link ScratchRestore#of}, and remembers what was restored for the point's record; room was counted. */
    public Path restored(RestorePoint point) throws Failure {
        // The local database answers without asking the replica.
        return restored(point, settings.database().toFile().length());
    }

    /**
     * As {@link #restored(RestorePoint)}, after making sure that there is room for what the replica says.
     *
     * @throws Failure {@code DISK} when there is not, {@code PROOF_FAILED} when what says so is damaged
     */
    public Path restoredWithRoom(RestorePoint point) throws Failure {
        ReplicaContents contents = replica.contents();
        long room = contents.bytesToRestore(point.txid());
        try {
            DiskSpace.require(settings.stateFolder(), room, "the restored database");
        } catch (Failure noRoom) {
            scratch.requireSound(point, noRoom);
            throw noRoom;
        }
        return restored(point, contents.databaseBytes(point.txid()).orElse(room));
    }

    /** Restores what the engine takes for the newest, of a size that nobody knows. */
    public Path restoredNewest() throws Failure {
        return scratch.newest();
    }

    private Path restored(RestorePoint point, long bytes) throws Failure {
        long begun = System.nanoTime();
        ScratchRestore.Copy copy;
        try {
            copy = scratch.of(point, bytes);
        } catch (Failure e) {
            if (e.kind() == FailureKind.PROOF_FAILED) {
                knownPages.refuted(point.txid());
            }
            throw e;
        }
        context.evidence().restored(point, copy.file(), System.nanoTime() - begun, litestream);
        ledger.restored(point, copy.evidence(), UserVersion.of(copy.file()));
        return copy.file();
    }
}
