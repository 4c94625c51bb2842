package io.github.litestow.run;

import io.github.litestow.lease.WriteClaims;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.store.Replica;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells what the replica's holder wrote from what one before it, which fell silent and was relieved of
 * the lease, wrote too late. Nobody vouches for such a transaction: it is no head and no restore point.
 * Immutable.
 */
public final class LateWrites {
    private final WriteClaims claims;
    private final Set<String> recorded;

    LateWrites(WriteClaims claims, Collection<String> recorded) {
        this.claims = claims;
        this.recorded = Set.copyOf(recorded);
    }

    /** Returns what the replica itself says, for whoever only reads. */
    public static LateWrites seenAt(Replica replica) throws Failure {
        return of(WriteClaims.read(replica), replica);
    }

    /** Returns what the holder of the lease knows, which asks nobody as long as it relieved nobody. */
    static LateWrites seenBy(Database holder) throws Failure {
        return of(holder.lease().claims(), holder.replica());
    }

    private static LateWrites of(WriteClaims claims, Replica replica) throws Failure {
        return claims.tookOver().isEmpty()
                ? new LateWrites(claims, Set.of())
                : new LateWrites(
                        claims,
                        replica.recorded().stream().map(RecordedPoint::txid).collect(Collectors.toSet()));
    }

    /** Returns where the replica ends for its present holder. */
    public Optional<String> head(List<ReplicaFile> files) {
        return files.stream()
                .map(ReplicaFile::maxTxid)
                .filter(txid -> !late(txid))
                .max(String::compareTo);
    }

    /** Returns the points that somebody vouches for. */
    public List<RestorePoint> without(List<RestorePoint> points) {
        return points.stream().filter(point -> !late(point.txid())).toList();
    }

    /** Returns what to say of a late write among these points, naming it; empty when there is none. */
    public Optional<String> words(List<RestorePoint> points) {
        return points.stream()
                .filter(point -> late(point.txid()))
                .max(RestorePoint::compareTo)
                .map(point -> "the replica ends at " + point.txid() + " of " + point.time()
                        + ", which nobody vouches for: "
                        + claims.tookOver().map(WriteClaims.TookOver::who).orElse("somebody")
                        + " wrote it after its lease was taken over; it is passed over");
    }

    /**
     * Returns the last transaction that must not be confirmed, because it was written late, or may be
     * written still; empty when there is none after what is proven.
     */
    Optional<String> contestedUpTo(List<ReplicaFile> files) {
        Stream<String> written = files.stream().map(ReplicaFile::maxTxid).filter(this::late);
        Stream<String> coming = claims.tookOver().stream()
                .map(WriteClaims.TookOver::upTo)
                .filter(upTo -> recorded.stream().noneMatch(txid -> txid.compareTo(upTo) > 0));
        Optional<String> last = Stream.concat(written, coming).max(String::compareTo);
        return last.filter(upTo -> recorded.stream().noneMatch(txid -> txid.compareTo(upTo) > 0));
    }

    /** Where nothing is recorded at all, what is there is better than nothing. */
    private boolean late(String txid) {
        return !recorded.isEmpty() && !recorded.contains(txid) && !claims.vouchFor(txid);
    }
}
