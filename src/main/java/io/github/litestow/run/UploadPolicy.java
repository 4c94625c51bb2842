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
    /**
     * What may come after the newest snapshot, in parts of its size: more means a new one, so that a restore reads at
     * most twice that.
     */
    private static final double MAX_AFTER = 1.0;

    /** A restore reads files one after another, each with a request: 4,483 took two minutes (litestream 0.5.17). */
    private static final int MAX_FILES = 100;

    private static final int SNAPSHOT_LEVEL = 9;

    /** One request writes a difference, and S3 takes 5 GiB in one. */
    private static final long MAX_REQUEST = 4L << 30;

    private UploadPolicy() {}

    /**
     * Returns how large a difference may be that comes next, in bytes; 0 when a snapshot is due.
     *
     * @param files what is at the replica
     */
    static long roomForDifference(List<ReplicaFile> files) {
        Optional<ReplicaFile> base = base(files);
        if (base.isEmpty()) {
            return 0;
        }
        List<ReplicaFile> later = after(files, base.get());
        if (later.size() + 2 > MAX_FILES) {
            return 0;
        }
        long after = later.stream().mapToLong(ReplicaFile::bytes).sum();
        long room = (long) (MAX_AFTER * base.get().bytes()) - after;
        return Math.max(0, Math.min(room, MAX_REQUEST));
    }

    /**
     * Returns whether the next run should upload a snapshot.
     *
     * @param files what is at the replica
     * @param engineKnows whether the engine has its state, so that it uploads the change only
     */
    static boolean wholeSnapshot(List<ReplicaFile> files, boolean engineKnows) {
        Optional<ReplicaFile> base = base(files);
        if (base.isEmpty()) {
            return false;
        }
        List<ReplicaFile> later = after(files, base.get());
        // With the base and the one that comes now.
        if (later.size() + 2 > MAX_FILES) {
            return true;
        }
        long after = later.stream().mapToLong(ReplicaFile::bytes).sum();
        long coming = engineKnows ? 0 : base.get().bytes();
        return after > 0 && after + coming > MAX_AFTER * base.get().bytes();
    }

    /** The newest snapshot; the first file where there is none. */
    private static Optional<ReplicaFile> base(List<ReplicaFile> files) {
        return files.stream()
                .filter(file -> file.level() == SNAPSHOT_LEVEL)
                .max(Comparator.comparing(ReplicaFile::maxTxid))
                .or(() -> files.stream().min(Comparator.comparing(ReplicaFile::maxTxid)));
    }

    private static List<ReplicaFile> after(List<ReplicaFile> files, ReplicaFile base) {
        return files.stream()
                .filter(file -> file.level() == 0 && file.minTxid().compareTo(base.maxTxid()) > 0)
                .toList();
    }
}
