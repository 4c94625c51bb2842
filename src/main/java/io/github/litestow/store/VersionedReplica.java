package io.github.litestow.store;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.store.ProofRecord.ProofsDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A replica as it was at a time, by the versions that the bucket keeps. Who has the keys of the service and
 * may not delete versions can put new ones on top of everything, and new objects beside; neither changes
 * what was there before, nor the times that the store gave it. So of each object the oldest version that is
 * whole is believed (the engine writes a file once), and of a point only what was there when it was recorded.
 * Only reads. Immutable; knows the files of one listing.
 */
public final class VersionedReplica {
    /** The next run writes a point down; that many versions of the record are looked at for it. */
    private static final int MOST_RECORDS = 100;

    private final String url;
    private final ObjectVersions versions;
    private final JsonObjects objects;
    /** The engine's files by key, the oldest version first. */
    private final Map<String, List<ObjectVersion>> all = new TreeMap<>();

    private VersionedReplica(String url, ObjectVersions versions, JsonObjects objects) throws Failure {
        this.url = url;
        this.versions = versions;
        this.objects = objects;
        for (ObjectVersion version : versions.ofFiles()) {
            all.computeIfAbsent(version.key(), key -> new ArrayList<>()).add(version);
        }
    }

    /**
     * Lists the versions at a replica.
     *
     * @throws Failure {@code REFUSED} where its store keeps none
     */
    public static VersionedReplica of(Replica replica) throws Failure {
        Optional<ObjectVersions> versions = replica.store().versions();
        if (versions.isEmpty()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "there are no versions at " + replica.url(),
                    "Only a bucket (s3://) keeps versions of what was overwritten, once versioning is turned on.");
        }
        return new VersionedReplica(replica.url(), versions.get(), replica.objects());
    }

    /**
     * A point, and what is to be believed of it.
     *
     * @param point as the record has it, or else as its file's version says
     * @param seen until when what was written is believed
     * @param record the version of the replica's record that has it; empty when none is found
     */
    public record Known(RestorePoint point, Instant seen, Optional<ObjectVersion> record) {}

    /**
     * A transaction of which there are versions.
     *
     * @param txid the transaction
     * @param since when the first version of a file that ends with it was written
     * @param overwritten how many of these files have versions that came later
     */
    public record Listed(String txid, Instant since, int overwritten) {}

    /** Returns every transaction that the files of all versions lead to, oldest first. */
    public List<Listed> points() {
        ReachableTransactions reachable = new ReachableTransactions(
                files(Instant.MAX).stream().map(Version::file).toList());
        Map<String, Listed> points = new TreeMap<>();
        for (Version one : files(Instant.MAX)) {
            if (reachable.contains(one.file().maxTxid())) {
                int over = all.get(one.file().key()).size() > 1 ? 1 : 0;
                points.merge(
                        one.file().maxTxid(),
                        new Listed(one.file().maxTxid(), one.file().time(), over),
                        (a, b) -> new Listed(
                                a.txid(),
                                a.since().isBefore(b.since()) ? a.since() : b.since(),
                                a.overwritten() + b.overwritten()));
            }
        }
        return List.copyOf(points.values());
    }

    /**
     * Returns the newest point that was recorded at a time.
     *
     * @throws Failure {@code REPLICA_MISSING} when there was none
     */
    public Known at(Instant time) throws Failure {
        ReachableTransactions then = new ReachableTransactions(
                files(time).stream().map(Version::file).toList());
        List<ObjectVersion> records = new ArrayList<>(versions.of(ProofRecord.KEY));
        records.removeIf(record -> record.time().isAfter(time));
        int last = records.size() - 1;
        for (int i = last; i >= 0 && i > last - MOST_RECORDS; i--) {
            Optional<RestorePoint> newest = recorded(records.get(i)).stream()
                    .map(RecordedPoint::point)
                    .filter(point -> then.contains(point.txid()))
                    .max(RestorePoint::compareTo);
            if (newest.isPresent()) {
                return new Known(newest.get(), time, Optional.of(records.get(i)));
            }
        }
        return points().stream()
                .filter(point -> !point.since().isAfter(time) && then.contains(point.txid()))
                .max(Comparator.comparing(Listed::txid))
                .map(point -> unrecorded(point, time))
                .orElseThrow(() -> missing("of " + time + " or before"));
    }

    /**
     * Returns a point by its transaction.
     *
     * @throws Failure {@code REPLICA_MISSING} when no versions lead to it
     */
    public Known transaction(String txid) throws Failure {
        Listed listed = points().stream()
                .filter(point -> point.txid().equals(txid))
                .findFirst()
                .orElseThrow(() -> missing(txid));
        List<ObjectVersion> later = versions.of(ProofRecord.KEY).stream()
                .filter(record -> !record.time().isBefore(listed.since()))
                .limit(MOST_RECORDS)
                .toList();
        for (ObjectVersion record : later) {
            Optional<RecordedPoint> point = recorded(record).stream()
                    .filter(one -> one.txid().equals(txid))
                    .findFirst();
            if (point.isPresent()) {
                return new Known(point.get().point(), record.time(), Optional.of(record));
            }
        }
        return unrecorded(listed, listed.since());
    }

    private static Known unrecorded(Listed point, Instant seen) {
        return new Known(new RestorePoint(point.txid(), point.since(), Assurance.CONFIRMED), seen, Optional.empty());
    }

    private Failure missing(String what) {
        return new Failure(
                // Only where there are none at all it says something of the replica.
                all.isEmpty() ? FailureKind.REPLICA_MISSING : FailureKind.REFUSED,
                "no versions at " + url + " lead to a restore point " + what,
                "`list --versions` shows what there is. A lifecycle rule may have taken older versions.");
    }

    /** Returns the versions of an object of our own, oldest first. */
    public List<ObjectVersion> of(String key) throws Failure {
        return versions.of(key);
    }

    /** Returns the whole of a small object's version. */
    public byte[] bytes(ObjectVersion version) throws Failure {
        return versions.read(version, 0, Math.toIntExact(version.bytes()));
    }

    /** Returns how the store is asked. */
    ObjectVersions versions() {
        return versions;
    }

    /** What is no record of ours says nothing. */
    private List<RecordedPoint> recorded(ObjectVersion version) throws Failure {
        byte[] body = bytes(version);
        try {
            return objects.parse(ProofRecord.KEY, new StoredObject(body, version.id()), ProofsDocument.class)
                    .points();
        } catch (Failure damaged) {
            return List.of();
        }
    }

    /** One of the engine's files, as a version has it. */
    record Version(ReplicaFile file, ObjectVersion version) {}

    /** Returns the oldest version of each of the engine's files that were there at a time. */
    List<Version> files(Instant until) {
        return all.values().stream()
                .flatMap(some -> versionsOf(some, until).stream().limit(1))
                .toList();
    }

    /** Returns the versions of one of the engine's files until a time, oldest first. */
    List<Version> versionsOf(String key, Instant until) {
        return versionsOf(all.getOrDefault(key, List.of()), until);
    }

    private static List<Version> versionsOf(List<ObjectVersion> some, Instant until) {
        return some.stream()
                .filter(version -> !version.time().isAfter(until))
                .flatMap(
                        version -> ReplicaFile.of(version.key(), version.bytes(), version.time())
                                .map(file -> new Version(file, version))
                                .stream())
                .toList();
    }
}
