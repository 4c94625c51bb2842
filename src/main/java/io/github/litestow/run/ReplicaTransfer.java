package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineFailures;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.EngineProgress;
import io.github.litestow.engine.EngineState;
import io.github.litestow.engine.Litestream;
import io.github.litestow.engine.Uploads;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.FileVerdict;
import io.github.litestow.store.Replica;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The two long parts: to the replica and confirmed, and back into scratch. */
public final class ReplicaTransfer {
    private final RunContext context;
    private final Litestream litestream;
    private final RunTime time;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    /** What the replica held before the engine ran. */
    private Set<String> before = Set.of();

    /** Wires the parts for one run. */
    public ReplicaTransfer(RunContext context, Litestream litestream, Clock clock) {
        this.context = context;
        this.litestream = litestream;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
        this.time = new RunTime(replica, clock);
    }

    /**
     * Uploads, and has an independent listing confirm that the replica ends where the engine says. What
     * keeps the engine from going on is mended on the way ({@link EngineRecovery}).
     *
     * @param most how long the engine may take, if that ends before the run's deadline
     * @return the restore point; an older one of the same transaction if nothing was new
     */
    public RestorePoint confirmed(Duration most) throws Failure {
        return healing(most, false);
    }

    /** As {@link #confirmed}, with a whole snapshot: what is damaged at the replica is passed over. */
    public RestorePoint confirmedAnew() throws Failure {
        return healing(context.deadline().remaining(), true);
    }

    /**
     * As {@link #confirmed}, right after it: while writers are held back nobody waits for a renewal,
     * for the engine's turn, if {@code engine} is one, or for anything to be mended.
     */
    public RestorePoint confirmedAtOnce(Uploads engine, Duration most) throws Failure {
        context.requireWritable();
        upload(engine, most, wholeSnapshotDue());
        return confirm();
    }

    private RestorePoint healing(Duration most, boolean wholeSnapshot) throws Failure {
        context.database().lease().renew();
        context.requireWritable();
        EngineRecovery recovery = new EngineRecovery(context, new ReplicaInspection(context, litestream));
        boolean done = false;
        while (!done) {
            recovery.followPageSize();
            boolean whole = wholeSnapshotDue() || wholeSnapshot;
            try {
                upload(litestream, most, whole);
                done = true;
            } catch (Failure e) {
                recovery.after(e);
            }
        }
        return confirm();
    }

    private boolean wholeSnapshotDue() throws Failure {
        boolean engineKnows = EngineState.newestTxid(settings.engineFolder()).isPresent();
        List<ReplicaFile> files = replica.files();
        before = files.stream().map(ReplicaFile::key).collect(Collectors.toSet());
        return EnginePosition.isOurs(settings.engineFolder()) || UploadPolicy.wholeSnapshot(files, engineKnows);
    }

    private void upload(Uploads engine, Duration most, boolean wholeSnapshot) throws Failure {
        Duration timeout = context.deadline().remaining(most);
        context.watch(EngineProgress.ofUpload(settings, wholeSnapshot));
        if (wholeSnapshot) {
            engine.replicateWithSnapshot(settings, timeout, context.cancellation());
        } else {
            engine.replicateOnce(settings, timeout, context.cancellation());
        }
    }

    private RestorePoint confirm() throws Failure {
        Optional<String> local = EngineState.newestTxid(settings.engineFolder());
        List<ReplicaFile> files = replica.files();
        measure(files);
        Optional<String> head = files.stream().map(ReplicaFile::maxTxid).max(String::compareTo);
        if (local.isEmpty() || !local.equals(head)) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the engine ended well at transaction '" + local.orElse("")
                            + "', but the replica's listing ends at '" + head.orElse("") + "'",
                    "Nothing was deleted. Another writer may use " + settings.replica()
                            + ", or the store does not keep what it acknowledges.");
        }
        tidy();
        String txid = local.get();
        return known(txid).orElseGet(() -> new RestorePoint(txid, time.now(), Assurance.CONFIRMED));
    }

    private void measure(List<ReplicaFile> files) {
        context.statistics()
                .uploaded(files.stream()
                        .filter(file -> !before.contains(file.key()))
                        .mapToLong(ReplicaFile::bytes)
                        .sum());
        before = files.stream().map(ReplicaFile::key).collect(Collectors.toSet());
    }

    /** Waits for the engine's turn and keeps it, for uploads that must not wait. */
    public Litestream.Turn turn() throws Failure {
        return litestream.turn(context.deadline().remaining(), context.cancellation());
    }

    private void tidy() {
        try {
            EnginePosition.forget(settings.engineFolder());
            EngineState.keepTheNewestTwo(settings.engineFolder());
        } catch (Failure e) {
            context.warn(e.getMessage());
        }
    }

    /** Returns the recorded point of this transaction, if it was confirmed before. */
    public Optional<RestorePoint> known(String txid) {
        return context.database()
                .journal()
                .state()
                .newest()
                .filter(point -> point.txid().equals(txid));
    }

    /**
     * Writes down that the local database is where {@code point} came from.
     *
     * @param bytes its size
     * @param fingerprint its fingerprint, if nothing was written to it since
     */
    public void record(RestorePoint point, long bytes, Optional<String> fingerprint) throws Failure {
        Optional<String> identity =
                replica.idOrCreate(context.database().journal().state().replicaId());
        Lineage lineage = new Lineage(identity, Optional.of(point.txid()), bytes, fingerprint);
        context.database()
                .journal()
                .change(change -> change.replicaId(identity).descends(lineage).made(point));
    }

    /** Writes down that {@code point} was proven now, and the local database is where it came from. */
    public void recordProof(RestorePoint point, long bytes) throws Failure {
        record(point, bytes, Optional.empty());
        context.database().journal().change(change -> change.provenAt(time.now()));
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
            record(anew, LocalFile.look(settings).mainBytes(), Optional.empty());
            return new Restored(anew, restored(anew));
        }
    }

    /**
     * Restores a point beside the database, integrity-checked by the engine.
     *
     * @throws Failure {@code PROOF_FAILED} only when a second look agrees that the replica is at fault;
     *     when every file there is whole, {@code REPLICA_UNREACHABLE}
     */
    public Path restored(RestorePoint point) throws Failure {
        try {
            return restoredAtOnce(point);
        } catch (Failure e) {
            if (e.kind() != FailureKind.PROOF_FAILED) {
                throw e;
            }
            return restoredAfterALook(point, e);
        }
    }

    /** What is whole at the replica restores at the second attempt, or it is not the replica's fault. */
    private Path restoredAfterALook(RestorePoint point, Failure why) throws Failure {
        Optional<FileVerdict> wrong = new ReplicaInspection(context, litestream).ofPoint(point.txid());
        if (wrong.isPresent()) {
            FileVerdict.State state = wrong.get().state();
            if (state != FileVerdict.State.UNKNOWN) {
                throw new Failure(
                        why.kind(), why.getMessage() + " [" + wrong.get().words() + "]", why.hint(), why);
            }
        }
        context.note("restored again, no file of the replica was found damaged: " + why.getMessage());
        try {
            return restoredAtOnce(point);
        } catch (Failure again) {
            if (again.kind() != FailureKind.PROOF_FAILED
                    || wrong.isPresent()
                    || EngineFailures.saysDamagedContent(again)) {
                throw again;
            }
            throw new Failure(
                    FailureKind.REPLICA_UNREACHABLE,
                    "the engine cannot restore " + point.txid() + " of " + settings.replica()
                            + ", whose files are whole (read to their ends, checksums right): " + again.getMessage(),
                    "Downloads are cut off or spoiled on their way: try again; if it stays, check the network, the"
                            + " store's own log, and this host's memory and disk.",
                    again);
        }
    }

    private Path restoredAtOnce(RestorePoint point) throws Failure {
        Path copy = context.scratch().resolve("restored.db");
        StateFolder.delete(copy);
        context.watch(EngineProgress.ofRestore(copy, expectedBytes(point)));
        litestream.restore(
                settings, Optional.of(point.txid()), copy, context.deadline().remaining(), context.cancellation());
        return copy;
    }

    /** The local database answers without asking the replica; a file that is not there has no length. */
    private Optional<Long> expectedBytes(RestorePoint point) {
        long local = settings.database().toFile().length();
        return local > 0 ? Optional.of(local) : replica.databaseBytes(point.txid());
    }
}
