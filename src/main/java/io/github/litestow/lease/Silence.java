package io.github.litestow.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long an object that its holder renews has been seen unchanged, on the observer's own monotonic
 * clock. What was seen had been written before, so a holder that counts from its write stops first. Not
 * safe for concurrent use.
 */
final class Silence {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final LongSupplier nanoTime;
    private Optional<Sighting> sighting = Optional.empty();

    Silence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** When a version was first seen, and whether the same holder had another one before. */
    private record Sighting(String version, String holder, boolean renewed, long nanos) {}

    /** Returns whether this version has been here for as long as it lives without being renewed. */
    boolean lasted(String version, long ttlMillis) {
        return sighting.filter(last -> last.version().equals(version))
                .filter(last -> nanoTime.getAsLong() - last.nanos() >= nanos(ttlMillis))
                .isPresent();
    }

    /** Remembers what is there now; returns whether the holder was seen to renew it lately. */
    boolean sawLife(String version, String holder, long ttlMillis) {
        Optional<Sighting> last = sighting;
        if (last.isEmpty() || !last.get().version().equals(version)) {
            boolean renewed = last.isPresent() && last.get().holder().equals(holder);
            sighting = Optional.of(new Sighting(version, holder, renewed, nanoTime.getAsLong()));
        }
        Sighting now = sighting.orElseThrow();
        // Whoever lives renews at a third of the time; silence for half of it is no sign of life.
        return now.renewed() && nanoTime.getAsLong() - now.nanos() < nanos(ttlMillis) / 2;
    }

    void forget() {
        sighting = Optional.empty();
    }

    /** Nobody's lease makes others wait longer than the longest there is. */
    private static long nanos(long millis) {
        return Math.min(Duration.ofMillis(millis).toNanos(), LONGEST.toNanos());
    }
}
