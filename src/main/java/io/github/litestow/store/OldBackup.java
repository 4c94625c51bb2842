package io.github.litestow.store;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup of litestream 0.3 beside restore points of 0.5.
 *
 * @param newer whether it was written to last, as by a service that still runs the old engine
 * @param words what a person should know of it
 */
public record OldBackup(boolean newer, String words) {

    /** Returns the backup beside the restore points of a store; empty unless it holds both. */
    static Optional<OldBackup> beside(ReplicaStore store, String url) throws Failure {
        Optional<Instant> head =
                store.ltxFiles().stream().map(ReplicaFile::time).max(Instant::compareTo);
        Optional<Instant> old = head.isPresent() ? store.newestOfOldFormat() : Optional.empty();
        if (old.isEmpty()) {
            return Optional.empty();
        }
        boolean newer = old.get().isAfter(head.get());
        String words = "a backup of litestream 0.3 is beside the restore points of 0.5, "
                + (newer ? "and was written to after them" : "older than they are") + ", at " + old.get()
                + ": it is neither listed nor restored. To go back to it use litestream 0.3 itself"
                + (newer
                        ? ", and stop what still writes to it"
                        : "; delete " + url + "/generations when it is no longer needed");
        return Optional.of(new OldBackup(newer, words));
    }
}
