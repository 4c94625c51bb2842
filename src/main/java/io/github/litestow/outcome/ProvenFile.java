package io.github.litestow.outcome;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * One of the engine's files as it was when a restore from it was proven: whoever writes another file
 * under the same key later is found out.
 *
 * @param key below the replica URL, as {@link ReplicaFile#key()}
 * @param bytes its size
 * @param checksum the checksum of its bytes, which is at its end (LTX format version 3), in hexadecimal
 * @param time its modification time then
 */
@RegisterForReflection
public record ProvenFile(String key, long bytes, String checksum, Instant time) {}
