package io.github.litestow.run.restore;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a restore from the bucket's versions is asked for: a point by exactly one of these, into a new file.
 *
 * @param trigger what asks
 * @param at the newest point of this time
 * @param txid a transaction
 * @param label what a point was called
 * @param file where to; never over anything
 */
public record VersionsRequest(
        String trigger, Optional<Instant> at, Optional<String> txid, Optional<String> label, Path file) {}
