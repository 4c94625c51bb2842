package io.github.litestow.journal;

import io.github.litestow.sqlite.FileHistory;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * Says that the local database descends from the replica's head: it was confirmed there, or restored
 * from there. A snapshot is taken only with such a record, so that nothing foreign becomes the head
 * unnoticed.
 *
 * @param replicaId the replica's identity; empty where a replica keeps none
 * @param head the newest transaction at the replica when the record was made; empty after a restore
 *     from a backup of litestream 0.3, which names none
 * @param bytes the size of the database then
 * @param fingerprint the database's fingerprint if nothing was written since {@code head}; empty
 *     when that is not known
 * @param history what tells this file from an older copy of it; empty when that was not looked at
 */
@RegisterForReflection
public record Lineage(
        Optional<String> replicaId,
        Optional<String> head,
        long bytes,
        Optional<String> fingerprint,
        Optional<FileHistory> history) {

    /** An empty text is how an earlier version wrote that there is none; it wrote no history. */
    public Lineage {
        replicaId = replicaId.filter(text -> !text.isEmpty());
        head = head.filter(text -> !text.isEmpty());
        fingerprint = fingerprint.filter(text -> !text.isEmpty());
        history = history == null ? Optional.empty() : history;
    }

    /** A record that any file at the path is believed to belong to. */
    public Lineage(Optional<String> replicaId, Optional<String> head, long bytes, Optional<String> fingerprint) {
        this(replicaId, head, bytes, fingerprint, Optional.empty());
    }
}
