package io.github.litestow.run;

import io.github.litestow.outcome.ReplicaFile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides when a run uploads the whole database as a snapshot file beside the transaction
 * (litestream 0.5.17: {@code -force-snapshot}, levels 9 and 0). A restore reads the newest snapshot
 * and every transaction after it; without one in between that grows for ever, and with one each time
 * everything goes up twice. Decision record 0005 has the numbers.
 */
final class UploadPolicy {
    /** What may come after the newest snapshot, in parts of its size: more means a new one. */
    private static final double MAX_AFTER = 1.2;

    /** A restore reads files one after another, each with a request: 4,483 took two minutes (litestream 0.5.17). */
    private static final int MAX_FILES = 100;

    private static final int SNAPSHOT_LEVEL = 9;

    private UploadPolicy() {}

    /**
     * Returns whether the next run should upload a snapshot.
     *
     * @param files what is at the replica
     * @param engineKnows whether the engine has its state, so that it uploads the change only
     */
    static boolean wholeSnapshot(List<ReplicaFile> files, boolean engineKnows) {
        Optional<ReplicaFile> base = files.stream()
                .filter(file -> file.level() == SNAPSHOT_LEVEL)
                .max(Comparator.comparing(ReplicaFile::maxTxid))
                .or(() -> files.stream().min(Comparator.comparing(ReplicaFile::maxTxid)));
        if (base.isEmpty()) {
            return false;
        }
        List<ReplicaFile> later = files.stream()
                .filter(file ->
                        file.level() == 0 && file.minTxid().compareTo(base.get().maxTxid()) > 0)
                .toList();
        // With the base and the one that comes now.
        if (later.size() + 2 > MAX_FILES) {
            return true;
        }
        long after = later.stream().mapToLong(ReplicaFile::bytes).sum();
        long coming = engineKnows ? 0 : base.get().bytes();
        return after > 0 && after + coming > MAX_AFTER * base.get().bytes();
    }
}
