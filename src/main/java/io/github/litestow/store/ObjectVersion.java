package io.github.litestow.store;

import java.time.Instant;

/**
 * One version of an object, as a listing shows it.
 *
 * @param key below the replica; of the engine's files as in {@link io.github.litestow.outcome.ReplicaFile#key()}
 * @param id what the store calls the version
 * @param bytes its size, in bytes
 * @param time when it was written, by the store's clock
 */
public record ObjectVersion(String key, String id, long bytes, Instant time) {}
