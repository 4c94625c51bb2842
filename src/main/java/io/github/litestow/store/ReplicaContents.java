package io.github.litestow.store;

import io.github.litestow.engine.LtxFormat;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the engine's files at a replica, as a listing shows them, say of the database. Immutable. */
public final class ReplicaContents {
    private final ReplicaStore store;
    private final List<ReplicaFile> files;

    ReplicaContents(ReplicaStore store, List<ReplicaFile> files) {
        this.store = store;
        this.files = files;
    }

    /** Returns whether the files in a listing, by their names, lead to a transaction without a gap. */
    public static boolean leadTo(List<ReplicaFile> files, String txid) {
        return new ReachableTransactions(files).contains(txid);
    }

    /**
     * Returns the transaction from which the engine would go on without local state: where the newest
     * file of level 0 ends. Empty when there is none.
     */
    public Optional<String> positionOfEngine() {
        return newestOfLevel0().map(ReplicaFile::maxTxid);
    }

    /**
     * Returns the page size, in bytes, with which the replica ends; empty when it holds nothing, or its
     * newest file cannot be read or does not say.
     */
    public Optional<Integer> pageSize() throws Failure {
        Optional<ReplicaFile> newest = newestOfLevel0();
        Optional<Integer> size = newest.isPresent() ? LtxBytes.pageSize(store, newest.get()) : Optional.empty();
        // Anything else is no page size but a damaged header, which is for the engine to find.
        return size.filter(LtxFormat::isPageSize);
    }

    private Optional<ReplicaFile> newestOfLevel0() {
        return files.stream().filter(file -> file.level() == 0).max(Comparator.comparing(ReplicaFile::maxTxid));
    }

    /**
     * Returns how much room is needed to restore a transaction: what its last file says of the database,
     * and at least as much as the largest file up to it, which may be damaged, or not readable in part.
     */
    public long bytesToRestore(String txid) {
        long least = files.stream()
                .filter(file -> file.minTxid().compareTo(txid) <= 0)
                .mapToLong(ReplicaFile::bytes)
                .max()
                .orElse(0);
        return Math.max(least, databaseBytes(txid).orElse(0L));
    }

    /** Returns how many bytes a restore of a transaction reads. */
    public long bytesToRead(String txid) {
        return FileEvidence.restored(files, txid).stream()
                .mapToLong(ReplicaFile::bytes)
                .sum();
    }

    /** Returns how large the database is at a transaction, as its last file says; empty when it cannot be read. */
    public Optional<Long> databaseBytes(String txid) {
        try {
            Optional<ReplicaFile> last =
                    files.stream().filter(file -> file.maxTxid().equals(txid)).findFirst();
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
                files.stream().max(Comparator.comparing(ReplicaFile::maxTxid).thenComparing(ReplicaFile::minTxid));
        return newest.isPresent()
                && LtxBytes.same(
                        store, newest.get(), engineFolder.resolve(newest.get().key()));
    }
}
