package io.github.litestow.difference;

import java.time.Instant;
import java.util.Optional;

/**
 * The point of which a {@link PageIndex} knows every page.
 *
 * @param txid its transaction
 * @param replicaId the identity of the replica that holds it
 * @param provenAt when it was restored from there and these were found to be its pages; empty when it
 *     was uploaded and confirmed, and no more
 */
public record IndexedPoint(String txid, String replicaId, Optional<Instant> provenAt) {}
