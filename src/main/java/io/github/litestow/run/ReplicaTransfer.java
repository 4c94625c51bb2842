package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineFailures;
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
    private final Clock clock;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    /** What the replica held before the engine ran. */
    private Set<String> before = Set.of();

    /** Wires the parts for one run. */
    public ReplicaTransfer(RunContext context, Litestream litestream, Clock clock) {
        this.context = context;
        this.litestream = litestream;
        this.clock = clock;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /**
     * Uploads, and has an independent listing confirm that the replica ends where the engine says.
     *
     * @param most how long the engine may take, if that ends before the run's deadline
     * @return the restore point; an older one of the same transaction if nothing was new
     */
    public RestorePoint confirmed(Duration most) throws Failure {
        context.database().lease().renew();
        return confirmedAtOnce(litestream, most);
    }

    /**
     * As {@link #confirmed}, right after it: while writers are held back nobody waits for a renewal,
     * nor for the engine's turn, if {@code engine} is one.
     */
    public RestorePoint confirmedAtOnce(Uploads engine, Duration most) throws Failure {
        context.requireWritable();
        boolean engineKnows = EngineState.newestTxid(settings.engineFolder()).isPresent();
        List<ReplicaFile> files = replica.files();
        before = files.stream().map(ReplicaFile::key).collect(Collectors.toSet());
        return confirmed(engine, most, UploadPolicy.wholeSnapshot(files, engineKnows));
    }

    /** As {@link #confirmed}, with a whole snapshot: what is damaged at the replica is passed over. */
    public RestorePoint confirmedAnew() throws Failure {
        context.database().lease().renew();
        return confirmed(litestream, context.deadline().remaining(), true);
    }

    private RestorePoint confirmed(Uploads engine, Duration most, boolean wholeSnapshot) throws Failure {
        boolean whole = wholeSnapshot;
        while (!uploaded(engine, most, whole)) {
            whole = true;
        }
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
        return known(txid).orElseGet(() -> new RestorePoint(txid, clock.instant(), Assurance.CONFIRMED));
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
            EngineState.keepTheNewestTwo(settings.engineFolder());
        } catch (Failure e) {
            context.warn(e.getMessage());
        }
    }

    /** Returns whether the engine could upload; if not, the replica now ends one point earlier. */
    private boolean uploaded(Uploads engine, Duration most, boolean wholeSnapshot) throws Failure {
        Duration timeout = context.deadline().remaining(most);
        context.watch(EngineProgress.ofUpload(settings, wholeSnapshot));
        try {
            if (wholeSnapshot) {
                engine.replicateWithSnapshot(settings, timeout, context.cancellation());
            } else {
                engine.replicateOnce(settings, timeout, context.cancellation());
            }
            return true;
        } catch (Failure e) {
            if (!EngineFailures.saysDamagedFile(e)) {
                throw e;
            }
            passOverTheEnd(e);
            return false;
        }
    }

    /**
     * The engine cannot go on from a damaged file, and the local database, which descends from it, is
     * sound: so the replica ends before that file, and a whole snapshot follows.
     */
    private void passOverTheEnd(Failure why) throws Failure {
        List<RestorePoint> points = replica.points();
        if (points.isEmpty()) {
            throw why;
        }
        RestorePoint before =
                points.size() > 1 ? points.get(points.size() - 2) : RestorePoint.beforeAll(clock.instant());
        int files = replica.truncateAfter(before, context::requireWritable);
        StateFolder.delete(settings.engineFolder());
        context.database().journal().change(change -> change.headAccepted(before));
        context.warn("the replica's newest file is damaged: " + files + " files were set aside in litestow/set-aside,"
                + " uploading a whole snapshot: " + why.getMessage());
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
        Optional<String> identity = replica.idOrCreate();
        Lineage lineage = new Lineage(identity, Optional.of(point.txid()), bytes, fingerprint);
        context.database()
                .journal()
                .change(change -> change.replicaId(identity).descends(lineage).made(point));
    }

    /** Writes down that {@code point} was proven now, and the local database is where it came from. */
    public void recordProof(RestorePoint point, long bytes) throws Failure {
        record(point, bytes, Optional.empty());
        context.database().journal().change(change -> change.provenAt(clock.instant()));
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

    /** Restores a point beside the database, integrity-checked by the engine; room for it was counted. */
    public Path restored(RestorePoint point) throws Failure {
        // The local database answers without asking the replica.
        return restored(Optional.of(point.txid()), settings.database().toFile().length());
    }

    /** As {@link #restored(RestorePoint)}, after making sure that there is room for what the replica says. */
    public Path restoredWithRoom(RestorePoint point) throws Failure {
        long bytes = replica.bytesToRestore(point.txid());
        DiskSpace.require(settings.stateFolder(), bytes, "the restored database");
        return restored(Optional.of(point.txid()), bytes);
    }

    /** Restores what the engine takes for the newest, of a size that nobody knows. */
    public Path restoredNewest() throws Failure {
        return restored(Optional.empty(), 0);
    }

    private Path restored(Optional<String> txid, long bytes) throws Failure {
        Path copy = context.scratch().resolve("restored.db");
        StateFolder.delete(copy);
        context.watch(EngineProgress.ofRestore(copy, Optional.of(bytes).filter(size -> size > 0)));
        DiskReserve.beside(
                settings.stateFolder(),
                bytes,
                context.cancellation(),
                cancellation -> litestream.restore(
                        settings, txid, copy, context.deadline().remaining(), cancellation));
        return copy;
    }
}
