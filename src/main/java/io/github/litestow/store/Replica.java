package io.github.litestow.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One database's replica: its identity, its head, and what has been proven of it. Safe for
 * concurrent use.
 */
public final class Replica {
    private final String url;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final ReplicaIdentity identity;
    private final ProofRecord proofRecord;
    private final OwnershipRecord ownership;
    private final ReplicaStats statistics = new ReplicaStats();

    /** Makes a replica over a store. */
    public Replica(String url, ReplicaStore store, ObjectMapper json) {
        this.url = url;
        this.store = store;
        this.objects = new JsonObjects(url, json);
        this.identity = new ReplicaIdentity(url, store, objects);
        this.proofRecord = new ProofRecord(url, store, objects);
        this.ownership = new OwnershipRecord(store, objects);
    }

    /** Returns the replica of a database, with the store its scheme needs. */
    public static Replica of(ConfiguredDatabase database, Litestream litestream, ObjectMapper json) {
        ReplicaStore store = StorageSchemes.scheme(database).store(database, litestream);
        return new Replica(database.replica().url(), store, json);
    }

    /** Returns the URL, which holds no secret. */
    public String url() {
        return url;
    }

    /** Checks that the replica can be used, before long work begins. */
    public void probe() throws Failure {
        store.probe();
    }

    /** As {@link #probe}, for work that only reads: keys that may not write are enough. */
    public void probeReading() throws Failure {
        store.probeReading();
    }

    /** Returns what the time is at the store, as far as the last probe showed it. Asks nobody. */
    public Optional<Instant> time() {
        return store.time();
    }

    /** Returns the replica of the same kind at the place that other settings name. */
    public Replica at(ConfiguredDatabase other, Litestream litestream) {
        return of(other, litestream, objects.mapper());
    }

    /**
     * Returns the place of so many parts above, for what several replicas share: objects of ours, and
     * nothing of the engine.
     *
     * @throws Failure when there are not so many
     */
    public Replica above(int parts) throws Failure {
        String scheme = url.substring(0, url.indexOf("://"));
        return new Replica(new ReplicaUrl(url, scheme).above(parts).url(), store.above(parts), objects.mapper());
    }

    /** Returns the storage below, for what has objects of its own there. */
    public ReplicaStore store() {
        return store;
    }

    /** Returns how our objects at this replica are written and read. */
    public JsonObjects objects() {
        return objects;
    }

    /** Returns whether objects of our own can be kept here (identity, proofs, lease) and files be pruned. */
    public boolean keepsObjects() {
        return store.keepsObjects();
    }

    /** Lists every file of the engine, by our own client where there is one. */
    public List<ReplicaFile> files() throws Failure {
        return statistics.listed(store.ltxFiles());
    }

    /** Returns what the last listing showed. */
    public ReplicaStats statistics() {
        return statistics;
    }

    /** Returns the newest transaction at the replica; empty when it was listed and holds nothing. */
    public Optional<String> head() throws Failure {
        return ReplicaFile.end(files());
    }

    /** Lists the files and returns what they say of the database. */
    public ReplicaContents contents() throws Failure {
        return new ReplicaContents(store, files());
    }

    /** As above, of a listing that was just made. */
    public ReplicaContents contents(List<ReplicaFile> files) {
        return new ReplicaContents(store, files);
    }

    /**
     * Reads one of the engine's files to its end and holds it against its own checksum.
     *
     * @param between asked before each part is read
     * @throws Failure when it could not be read to its end, which says nothing of it
     */
    public FileVerdict inspect(ReplicaFile file, WriteGuard between) throws Failure {
        return store.keepsObjects()
                ? LtxCheck.of(store, file, between)
                : new FileVerdict(file, FileVerdict.State.UNKNOWN, "Litestow has no client of its own for " + url);
    }

    /** Returns the identity, if one was ever made. Replicas that keep no objects have none. */
    public Optional<String> id() throws Failure {
        return identity().map(SeenIdentity::id);
    }

    /** As {@link #id}, with what is needed to keep it. */
    public Optional<SeenIdentity> identity() throws Failure {
        return identity.read();
    }

    /**
     * Returns whether this is the replica that once had an identity. Where the object is gone, the record
     * has to name the very point that was made there last: another replica's would not.
     *
     * @param now the identity it has
     * @param before the identity it had; empty when it had none
     * @param made what was made there last
     */
    public boolean isStill(Optional<String> now, Optional<String> before, Optional<RestorePoint> made) throws Failure {
        if (now.isPresent() || before.isEmpty() || made.isEmpty()) {
            return now.equals(before);
        }
        return proofRecord.points().stream()
                .anyMatch(point -> point.txid().equals(made.get().txid())
                        && point.time().equals(made.get().time()));
    }

    /**
     * Returns the identity, making one when there is none. Of two that race, both get the winner's.
     * Replicas that keep no objects have none. It is written again now and then, so that a lifecycle
     * rule by age does not take it.
     *
     * @param seen the identity, if it was read already
     * @param before the identity that this replica is known to have had, which it gets again
     */
    public Optional<String> idOrCreate(Optional<SeenIdentity> seen, Optional<String> before) throws Failure {
        if (!store.keepsObjects()) {
            return Optional.empty();
        }
        return Optional.of(identity.orCreate(seen, before));
    }

    /** Returns what is written down here of the database's owner and mode. */
    public OwnershipRecord ownership() {
        return ownership;
    }

    /** Returns every recorded restore point, oldest first. */
    public List<RestorePoint> proofs() throws Failure {
        return recorded().stream().map(RecordedPoint::point).toList();
    }

    /** Returns the same with who uploaded each, and what its files were when it was proven. */
    public List<RecordedPoint> recorded() throws Failure {
        return proofRecord.points();
    }

    /** Returns the transactions that are pinned: retention leaves them alone. */
    public List<String> pins() throws Failure {
        return proofRecord.pins();
    }

    /**
     * Writes down which transactions are pinned, in the record that each run writes anew.
     *
     * @throws Failure {@code BUSY} when others keep changing the record
     */
    public void pins(Collection<String> txids) throws Failure {
        proofRecord.pins(
                txids.stream().sorted().toList(),
                () -> points().stream().map(RecordedPoint::new).toList());
    }

    /** Returns what tells a file that was proven from another one in its place. */
    public FileEvidence evidence() {
        return new FileEvidence(url, store, proofRecord);
    }

    /**
     * Returns what can be gone back to, oldest first: the recorded restore points that the listing
     * still shows, with all that is before them, and the head, recorded or not. A replica without any
     * record shows every transaction at which a file ends.
     */
    public List<RestorePoint> points() throws Failure {
        return points(files());
    }

    /** As {@link #points()}, of a listing that was just made. */
    public List<RestorePoint> points(List<ReplicaFile> files) throws Failure {
        List<RestorePoint> points = proofRecord.recorded().shown(files);
        statistics.points(points.size());
        return points;
    }

    /**
     * Adds restore points to the record; of one transaction the strongest assurance stays, and who is
     * recorded as its uploader. A record that is not there any more, after a lifecycle rule say, is made
     * anew of what the listing shows.
     *
     * @throws Failure {@code BUSY} when others keep changing the record
     */
    public void record(Collection<RecordedPoint> points) throws Failure {
        if (points.isEmpty()) {
            return;
        }
        proofRecord.add(points, () -> points().stream().map(RecordedPoint::new).toList());
    }

    /**
     * Forgets the restore points after a transaction, whose files the listing does not show any more and
     * whose loss a person accepted.
     */
    public void forgetAfter(String txid) throws Failure {
        proofRecord.rewrite(recorded -> recorded.tailMap(txid, false).clear());
    }

    /** Returns whether the replica holds a backup of litestream 0.3, and nothing newer. */
    public boolean onlyOldFormat() throws Failure {
        return files().isEmpty() && store.newestOfOldFormat().isPresent();
    }

    /** Returns the backup of litestream 0.3 beside restore points of 0.5, if there is one. */
    public Optional<OldBackup> oldBackupBeside() throws Failure {
        return OldBackup.beside(store, url);
    }

    /**
     * Puts a file of the engine's format at the replica, over nothing.
     *
     * @param file what it is to be
     * @param body its bytes
     * @param most how long it may take
     * @param between asked between parts of it; once it refuses, nothing comes of what was sent
     * @return whether this very file is there now; {@code false} means that another one is
     * @throws Failure when neither is known
     */
    public boolean create(ReplicaFile file, Path body, Duration most, WriteGuard between) throws Failure {
        // The answer to an attempt that wrote it may have been lost.
        return store.create(file, body, most, between) || LtxBytes.same(store, file, body);
    }

    /** Deletes one of the engine's files that no wanted restore point needs. */
    public void delete(ReplicaFile file) throws Failure {
        store.delete(file);
        statistics.deleted(file);
    }

    /**
     * Forgets restore points whose files were deleted, and what is older than all that stay.
     *
     * @param gone these points
     * @param stay how many are left
     * @param oldest the first transaction of which the record stays
     */
    public void dropRecords(Collection<RestorePoint> gone, int stay, String oldest) throws Failure {
        proofRecord.rewrite(recorded -> {
            recorded.headMap(oldest, false).clear();
            gone.forEach(point -> recorded.remove(point.txid()));
        });
        statistics.points(stay);
    }
}
