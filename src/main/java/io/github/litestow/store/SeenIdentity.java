package io.github.litestow.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Which replica it is, as it was read.
 *
 * @param id the identity
 * @param written when it was written, by the store's clock, if that is known
 * @param version what a conditional write compares; opaque
 */
public record SeenIdentity(String id, Optional<Instant> written, String version) {}
