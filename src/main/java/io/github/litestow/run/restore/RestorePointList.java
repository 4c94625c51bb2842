package io.github.litestow.run.restore;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.Database;
import io.github.litestow.run.LateWrites;
import io.github.litestow.store.OldBackup;
import io.github.litestow.store.Replica;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
     */
    public record Point(String txid, Instant time, long bytes, String assurance) {}

    /** Asks the replica of a database. */
    public static RestorePointList of(Database of) throws Failure {
        String database = of.name();
        Replica replica = of.replica();
        List<ReplicaFile> files = replica.files();
        Map<String, Long> bytes =
                files.stream().collect(Collectors.toMap(ReplicaFile::maxTxid, ReplicaFile::bytes, Math::max));
        List<RestorePoint> all = replica.points(files);
        LateWrites late = LateWrites.seenAt(replica);
        // The head is a point even when its base is gone, for a restore that then says what is missing.
        List<RestorePoint> points = late.without(all).stream()
                .filter(point -> Replica.leadTo(files, point.txid()))
                .toList();
        Optional<String> head = files.stream()
                .map(ReplicaFile::maxTxid)
                .max(String::compareTo)
                .filter(txid -> !Replica.leadTo(files, txid));
        return new RestorePointList(
                database,
                points.stream()
                        .map(point -> new Point(
                                point.txid(),
                                point.time(),
                                bytes.getOrDefault(point.txid(), 0L),
                                point.assurance().label()))
                        .toList(),
                Stream.of(
                                late.words(all).stream(),
                                head.stream().map(RestorePointList::withoutBase),
                                notes(replica).stream())
                        .flatMap(words -> words)
                        .toList());
    }

    private static String withoutBase(String txid) {
        return txid + " is the newest transaction at the replica, and files before it are missing: it does not restore";
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
                : restorePoints.stream()
                        .map(point -> String.format(
                                Locale.ROOT,
                                "%s: %s  %s  %,d bytes  %s  %s",
                                database,
                                point.txid(),
                                point.time(),
                                point.bytes(),
                                point.assurance(),
                                times.distance(point.time())));
        return Stream.concat(points, notes.stream().map(note -> database + ": " + note))
                .toList();
    }
}
