package io.github.litestow.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One database's replica: its identity, its head, and what has been proven of it. Safe for
 * concurrent use.
 */
public final class Replica {
    private static final String IDENTITY = "litestow/identity.json";

    private final String url;
    private final ReplicaStore store;
    private final JsonObjects objects;
    private final ProofRecord proofRecord;
    private final ReplicaStats statistics = new ReplicaStats();

    /** Makes a replica over a store. */
    public Replica(String url, ReplicaStore store, ObjectMapper json) {
        this.url = url;
        this.store = store;
        this.objects = new JsonObjects(url, json);
        this.proofRecord = new ProofRecord(url, store, objects);
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
        return files().stream().map(ReplicaFile::maxTxid).max(String::compareTo);
    }

    /** Returns the size of the largest file up to a transaction: the least room that a restore needs. */
    public long bytesOf(String txid) throws Failure {
        return files().stream()
                .filter(file -> file.minTxid().compareTo(txid) <= 0)
                .mapToLong(ReplicaFile::bytes)
                .max()
                .orElse(0);
    }

    /**
     * Returns how large the database is that a transaction restores to, for people to look at; empty
     * when that cannot be read, for whatever reason.
     */
    public Optional<Long> databaseBytes(String txid) {
        try {
            Optional<ReplicaFile> last = store.ltxFiles().stream()
                    .filter(file -> file.maxTxid().equals(txid))
                    .findFirst();
            return last.isPresent() ? LtxBytes.databaseBytes(store, last.get()) : Optional.empty();
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether the engine's local state holds the very file with which the replica ends: then
     * the local database is where the replica's head came from, even when the run that uploaded it
     * was cut off before it could write that down.
     *
     * @param engineFolder the engine's state folder beside the database
     */
    public boolean headIsFrom(Path engineFolder) throws Failure {
        Optional<ReplicaFile> newest =
                files().stream().max(Comparator.comparing(ReplicaFile::maxTxid).thenComparing(ReplicaFile::minTxid));
        return newest.isPresent()
                && LtxBytes.same(
                        store, newest.get(), engineFolder.resolve(newest.get().key()));
    }

    /** Returns the identity, if one was ever made. Replicas that keep no objects have none. */
    public Optional<String> id() throws Failure {
        Optional<StoredObject> object = store.read(IDENTITY);
        return object.isPresent()
                ? Optional.of(objects.parse(IDENTITY, object.get(), IdentityDocument.class)
                        .id())
                : Optional.empty();
    }

    /**
     * Returns the identity, making one when there is none. Of two that race, both get the winner's.
     * Replicas that keep no objects have none.
     */
    public Optional<String> idOrCreate() throws Failure {
        if (!store.keepsObjects()) {
            return Optional.empty();
        }
        Optional<String> known = id();
        if (known.isPresent()) {
            return known;
        }
        store.create(
                IDENTITY, objects.bytes(new IdentityDocument(UUID.randomUUID().toString())));
        Optional<String> created = id();
        if (created.isEmpty()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the replica " + url + " accepted an identity object and does not show it",
                    "The store does not keep what it acknowledges; do not rely on it.");
        }
        return created;
    }

    /** Returns every recorded restore point, oldest first. */
    public List<RestorePoint> proofs() throws Failure {
        return recorded().stream().map(RecordedPoint::point).toList();
    }

    /** Returns the same with who uploaded each, and what its files were when it was proven. */
    public List<RecordedPoint> recorded() throws Failure {
        return proofRecord.points();
    }

    /** Returns what tells a file that was proven from another one in its place. */
    public FileEvidence evidence() {
        return new FileEvidence(url, store, proofRecord);
    }

    /**
     * Returns what can be gone back to, oldest first: the recorded restore points that the listing
     * still shows, and the head, recorded or not. A replica without any record shows every
     * transaction at which a file ends.
     */
    public List<RestorePoint> points() throws Failure {
        return points(files());
    }

    /** As {@link #points()}, of a listing that was just made. */
    public List<RestorePoint> points(List<ReplicaFile> files) throws Failure {
        Map<String, RestorePoint> recorded = new TreeMap<>();
        proofs().forEach(point -> recorded.put(point.txid(), point));
        Map<String, RestorePoint> points = new TreeMap<>();
        String head =
                files.stream().map(ReplicaFile::maxTxid).max(String::compareTo).orElse("");
        for (ReplicaFile file : files) {
            String txid = file.maxTxid();
            RestorePoint listed = new RestorePoint(txid, file.time(), Assurance.CONFIRMED);
            if (recorded.isEmpty() || recorded.containsKey(txid) || txid.equals(head)) {
                points.put(txid, recorded.getOrDefault(txid, listed));
            }
        }
        statistics.points(points.size());
        return List.copyOf(points.values());
    }

    /**
     * Adds restore points to the record; of one transaction the strongest assurance stays, and who is
     * recorded as its uploader.
     *
     * @throws Failure {@code BUSY} when others keep changing the record
     */
    public void record(Collection<RecordedPoint> points) throws Failure {
        if (points.isEmpty()) {
            return;
        }
        proofRecord.add(points);
    }

    /**
     * Makes an older point the head, after a person accepted the loss: what is newer is set aside and
     * forgotten, because the engine goes on from the newest file it finds, whole or damaged.
     *
     * @param point the restore point that becomes the head
     * @param permission asked before each file
     * @return how many files were set aside
     */
    public int truncateAfter(RestorePoint point, WriteGuard permission) throws Failure {
        List<ReplicaFile> newer = files().stream()
                .filter(file -> file.maxTxid().compareTo(point.txid()) > 0)
                .toList();
        for (ReplicaFile file : newer) {
            permission.check();
            store.setAside(file);
        }
        proofRecord.rewrite(recorded -> recorded.keySet().removeIf(txid -> txid.compareTo(point.txid()) > 0));
        return newer.size();
    }

    /** Returns whether the replica holds a backup of litestream 0.3, and nothing newer. */
    public boolean onlyOldFormat() throws Failure {
        return files().isEmpty() && store.newestOfOldFormat().isPresent();
    }

    /** Returns the backup of litestream 0.3 beside restore points of 0.5, if there is one. */
    public Optional<OldBackup> oldBackupBeside() throws Failure {
        return OldBackup.beside(store, url);
    }

    /** Deletes one of the engine's files that no wanted restore point needs. */
    public void delete(ReplicaFile file) throws Failure {
        store.delete(file);
        statistics.deleted(file);
    }

    /** Forgets the restore points older than {@code oldest}, whose files were deleted. */
    public void dropRecordsBefore(RestorePoint oldest) throws Failure {
        proofRecord.rewrite(recorded -> {
            recorded.headMap(oldest.txid(), false).clear();
            statistics.points(recorded.size());
        });
    }

    /** {@code litestow/identity.json}. */
    @RegisterForReflection
    record IdentityDocument(String id) {
        /** Without an id it is damaged. */
        IdentityDocument {
            Objects.requireNonNull(id, "id");
        }
    }
}
