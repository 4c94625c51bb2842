package io.github.litestow.store;

import io.github.litestow.outcome.ReplicaFile;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which transactions the files of a replica lead to, going by their names: a restore begins with a file
 * that begins with the first transaction, and needs every one after it. A point whose base is gone is no
 * point. Immutable.
 */
final class ReachableTransactions {
    private final NavigableSet<Long> ends = new TreeSet<>(Long::compareUnsigned);

    ReachableTransactions(Collection<ReplicaFile> files) {
        ends.add(0L);
        List<ReplicaFile> inOrder = files.stream()
                .sorted(Comparator.comparing(ReplicaFile::maxTxid))
                .toList();
        for (ReplicaFile file : inOrder) {
            long first = number(file.minTxid());
            long last = number(file.maxTxid());
            // It continues whatever ends right before it begins, or in its middle.
            Long before = ends.ceiling(first - 1);
            if (before != null && Long.compareUnsigned(before, last) < 0) {
                ends.add(last);
            }
        }
    }

    /** Returns whether a restore gets to this transaction. */
    boolean contains(String txid) {
        return ends.contains(number(txid));
    }

    private static long number(String txid) {
        return Long.parseUnsignedLong(txid, 16);
    }
}
