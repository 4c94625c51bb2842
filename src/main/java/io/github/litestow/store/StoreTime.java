package io.github.litestow.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the time is at a replica's store, carried on from what it was last seen to be: the time of what
 * was just written there, or of an answer. Safe for concurrent use.
 */
public final class StoreTime {
    private Optional<Instant> seen = Optional.empty();
    private long at;

    /** The store says that it is this late now. */
    public synchronized void saw(Instant now) {
        seen = Optional.of(now);
        at = System.nanoTime();
    }

    /** Returns what the time is there; empty before it was seen. */
    public synchronized Optional<Instant> now() {
        return seen.map(time -> time.plus(Duration.ofNanos(System.nanoTime() - at)));
    }
}
