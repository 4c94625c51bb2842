package io.github.litestow.run.restore;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.points.PointMarks;
import io.github.litestow.run.Database;
import io.github.litestow.run.LateWrites;
import io.github.litestow.store.OldBackup;
import io.github.litestow.store.Replica;
import io.github.litestow.store.ReplicaContents;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The restore points of one database, as {@code list} prints them.
 *
 * @param database its name
 * @param restorePoints what can be gone back to, oldest first
 * @param notes what else is there, for a person
 */
@RegisterForReflection
public record RestorePointList(String database, List<Point> restorePoints, List<String> notes) {

    /**
     * One restore point.
     *
     * @param txid its transaction
     * @param time when it was confirmed
     * @param bytes what the replica stores for it alone
     * @param assurance how sure we are of it
     * @param labels what it is called
     * @param pinned whether retention leaves it alone
     * @param userVersion {@code PRAGMA user_version} at this point, where a restore showed it
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Point(
            String txid,
            Instant time,
            long bytes,
            String assurance,
            List<String> labels,
            boolean pinned,
            Optional<Integer> userVersion) {

        private String words(TimeText times) {
            return String.format(
                            Locale.ROOT,
                            "%s  %s  %,d bytes  %s  %s",
                            txid,
                            time,
                            bytes,
                            assurance,
                            times.distance(time))
                    + userVersion.map(version -> "  user_version " + version).orElse("")
                    + (pinned ? "  pinned" : "")
                    + (labels.isEmpty() ? "" : "  " + String.join(", ", labels));
        }
    }

    /** Asks the replica of a database. */
    public static RestorePointList of(Database of) throws Failure {
        String database = of.name();
        Replica replica = of.replica();
        List<ReplicaFile> files = replica.files();
        Map<String, Long> bytes =
                files.stream().collect(Collectors.toMap(ReplicaFile::maxTxid, ReplicaFile::bytes, Math::max));
        List<RestorePoint> all = replica.points(files);
        List<String> trouble = new ArrayList<>();
        PointMarks marks = marks(replica, trouble);
        Map<String, Integer> versions = userVersions(replica);
        LateWrites late = LateWrites.seenAt(replica);
        // The head is a point even when its base is gone, for a restore that then says what is missing.
        List<RestorePoint> points = late.without(all).stream()
                .filter(point -> ReplicaContents.leadTo(files, point.txid()))
                .toList();
        Optional<String> head = files.stream()
                .map(ReplicaFile::maxTxid)
                .max(String::compareTo)
                .filter(txid -> !ReplicaContents.leadTo(files, txid));
        return new RestorePointList(
                database,
                points.stream()
                        .map(point -> new Point(
                                point.txid(),
                                point.time(),
                                bytes.getOrDefault(point.txid(), 0L),
                                point.assurance().label(),
                                marks.of(point.txid()).labels(),
                                marks.of(point.txid()).pinned(),
                                Optional.ofNullable(versions.get(point.txid()))))
                        .toList(),
                Stream.of(
                                late.words(all).stream(),
                                head.stream().map(RestorePointList::withoutBase),
                                notListed(replica, files),
                                lostPins(marks, points),
                                trouble.stream(),
                                notes(replica).stream())
                        .flatMap(words -> words)
                        .toList());
    }

    /** Returns the same with one more note. */
    public RestorePointList with(String note) {
        return new RestorePointList(
                database,
                restorePoints,
                Stream.concat(notes.stream(), Stream.of(note)).toList());
    }

    private static String withoutBase(String txid) {
        return txid + " is the newest transaction at the replica, and files before it are missing: it does not restore";
    }

    /** A listing that ends before the replica's own record does is no reason to think that there was nothing. */
    private static Stream<String> notListed(Replica replica, List<ReplicaFile> files) throws Failure {
        Optional<RestorePoint> recorded = replica.proofs().stream().max(RestorePoint::compareTo);
        if (recorded.isEmpty() || shows(files, recorded.get())) {
            return Stream.empty();
        }
        // A run may have ended since the listing.
        List<ReplicaFile> now = replica.files();
        return recorded
                .filter(point -> !shows(now, point))
                .map(point -> point.txid() + " of " + point.time() + " is in the replica's own record, and the listing"
                        + " ends before it: its files are gone (they may be among the bucket's versions), or the store"
                        + " lists less than it holds")
                .stream();
    }

    private static boolean shows(List<ReplicaFile> files, RestorePoint point) {
        return ReplicaFile.end(files).orElse("").compareTo(point.txid()) >= 0;
    }

    /** On a bad day points are listed that can be restored, with or without their labels. */
    private static PointMarks marks(Replica replica, List<String> trouble) {
        try {
            return new MarkRecord(replica).read();
        } catch (Failure e) {
            trouble.add("labels and pins cannot be read, and nothing is pruned meanwhile: " + e.getMessage() + ". "
                    + e.hint());
            return PointMarks.NONE;
        }
    }

    private static Map<String, Integer> userVersions(Replica replica) throws Failure {
        return replica.recorded().stream()
                .filter(point -> point.userVersion().isPresent())
                .collect(Collectors.toMap(
                        RecordedPoint::txid, point -> point.userVersion().get()));
    }

    /** That a point is gone which was to stay must be seen. */
    private static Stream<String> lostPins(PointMarks marks, List<RestorePoint> points) {
        Set<String> there = points.stream().map(RestorePoint::txid).collect(Collectors.toSet());
        return marks.pinned().stream()
                .filter(txid -> !there.contains(txid))
                .sorted()
                .map(txid -> txid + " is pinned, and its files are not at the replica any more: they may be among the"
                        + " bucket's versions; `unpin " + txid + "` forgets it");
    }

    private static List<String> notes(Replica replica) throws Failure {
        if (replica.onlyOldFormat()) {
            return List.of(
                    "a backup of litestream 0.3, which names no restore points; `restore` brings its newest state");
        }
        return replica.oldBackupBeside().map(OldBackup::words).stream().toList();
    }

    /**
     * Returns a line for each point and each note, for a person. The times are exact, because {@code --at}
     * takes them, and are followed by how long ago that is.
     */
    public List<String> lines(TimeText times) {
        Stream<String> points = restorePoints.isEmpty()
                ? Stream.of(database + ": no restore point")
                : restorePoints.stream().map(point -> database + ": " + point.words(times));
        return Stream.concat(points, notes.stream().map(note -> database + ": " + note))
                .toList();
    }
}
