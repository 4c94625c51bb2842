package io.github.litestow.run.mark;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.LateWrites;
import io.github.litestow.store.Replica;
import io.github.litestow.store.ReplicaContents;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The restore points that a person is offered: those that somebody vouches for and whose files are there. */
public final class OfferedPoints {
    private OfferedPoints() {}

    /** Returns them, oldest first. */
    public static List<RestorePoint> of(Replica replica) throws Failure {
        List<ReplicaFile> files = replica.files();
        return LateWrites.seenAt(replica).without(replica.points(files)).stream()
                .filter(point -> ReplicaContents.leadTo(files, point.txid()))
                .toList();
    }

    /** Returns their transactions. */
    public static Set<String> txids(Replica replica) throws Failure {
        return of(replica).stream().map(RestorePoint::txid).collect(Collectors.toSet());
    }

    /**
     * Returns the one that somebody means.
     *
     * @param now what an age counts back from
     * @throws Failure {@code REFUSED} when there is no such point, or two could be meant; {@code SETTINGS}
     *     for a time that cannot be; {@code REPLICA_MISSING} when the replica lost all that it held
     */
    public static RestorePoint meant(Database database, PointReference reference, Instant now) throws Failure {
        EmptyReplica.refuse(database);
        return reference.in(
                of(database.replica()),
                new MarkRecord(database.replica()).read(),
                now,
                database.settings().snapshot().timeZone());
    }

    /** Returns the one with this label; fails as {@link #meant}. */
    public static RestorePoint labelled(Database database, String label) throws Failure {
        EmptyReplica.refuse(database);
        return PointReference.labelled(label, of(database.replica()), new MarkRecord(database.replica()).read());
    }
}
