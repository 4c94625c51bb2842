package io.github.litestow.litestream;

import java.time.Duration;
import java.util.function.LongSupplier;

/** One point in monotonic time by which the engine must have answered. Immutable. */
final class Deadline {
    private final LongSupplier nanoTime;
    private final Duration whole;
    private final long end;

    /**
     * Starts to count.
     *
     * @param nanoTime a monotonic clock, in nanoseconds
     * @param whole how long it is from now
     */
    Deadline(LongSupplier nanoTime, Duration whole) {
        this.nanoTime = nanoTime;
        this.whole = whole;
        this.end = nanoTime.getAsLong() + whole.toNanos();
    }

    /** Returns what is left, never negative. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
    }

    /** Returns a deadline that ends with this one, or after {@code most} if that is sooner. */
    Deadline within(Duration most) {
        Duration left = remaining();
        return new Deadline(nanoTime, left.compareTo(most) < 0 ? left : most);
    }

    /** Returns the length it was made with. */
    Duration whole() {
        return whole;
    }
}
