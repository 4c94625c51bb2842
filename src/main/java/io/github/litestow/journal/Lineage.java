package io.github.litestow.journal;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Says that the local database descends from the replica's head: it was confirmed there, or restored
 * from there. A snapshot is taken only with such a record, so that nothing foreign becomes the head
 * unnoticed.
 *
 * @param replicaId the replica's identity, empty where a replica keeps none
 * @param head the newest transaction at the replica when the record was made
 * @param bytes the size of the database then
 * @param fingerprint the database's fingerprint if nothing was written since {@code head}; empty
 *     when that is not known
 */
@RegisterForReflection
public record Lineage(String replicaId, String head, long bytes, String fingerprint) {}
