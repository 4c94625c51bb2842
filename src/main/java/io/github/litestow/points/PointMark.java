package io.github.litestow.points;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.RestorePoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;

/**
 * What people said of one restore point. Immutable.
 *
 * @param txid its transaction, as in {@link RestorePoint}
 * @param labels what it is called, in the order in which that was said; none when it is only pinned
 * @param pinned whether retention leaves it alone
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PointMark(String txid, List<String> labels, boolean pinned) {

    /** Checks the transaction, so that a spoiled object is found when it is read. */
    public PointMark {
        if (txid == null || !RestorePoint.isTxid(txid)) {
            throw new IllegalArgumentException("not a transaction id: " + txid);
        }
        labels = labels == null ? List.of() : List.copyOf(labels);
    }

    /** Returns a point of which nothing was said. */
    static PointMark none(String txid) {
        return new PointMark(txid, List.of(), false);
    }

    /** Returns the same with one more label. */
    PointMark called(String label) {
        List<String> more = new ArrayList<>(labels);
        if (!more.contains(label)) {
            more.add(label);
        }
        return new PointMark(txid, more, pinned);
    }

    /** Returns the same without a label. */
    PointMark notCalled(String label) {
        return new PointMark(
                txid, labels.stream().filter(other -> !other.equals(label)).toList(), pinned);
    }

    /** Returns the same, pinned or not. */
    PointMark pinned(boolean now) {
        return new PointMark(txid, labels, now);
    }

    /** Whether nothing is said of it any more. */
    boolean nothing() {
        return labels.isEmpty() && !pinned;
    }
}
