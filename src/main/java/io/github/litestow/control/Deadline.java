package io.github.litestow.control;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One point in monotonic time by which a piece of work must have ended. Immutable. */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final Duration whole;
    private final String advice;
    private final long end;

    /**
     * Starts to count.
     *
     * @param nanoTime a monotonic clock, in nanoseconds
     * @param whole how long it is from now
     */
    public Deadline(LongSupplier nanoTime, Duration whole) {
        this(nanoTime, whole, "Run it again; if it is late again, look at why the database or the replica is slow.");
    }

    /**
     * Starts to count.
     *
     * @param nanoTime a monotonic clock, in nanoseconds
     * @param whole how long it is from now
     * @param advice what a person whose work did not end in time can do
     */
    public Deadline(LongSupplier nanoTime, Duration whole, String advice) {
        this.nanoTime = nanoTime;
        this.whole = whole;
        this.advice = advice;
        this.end = nanoTime.getAsLong() + whole.toNanos();
    }

    /** Returns what is left, never negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
    }

    /**
     * Returns what is left, more than zero.
     *
     * @throws Failure {@code TIMEOUT} when nothing is
     */
    public Duration remaining() throws Failure {
        Duration left = left();
        if (left.isZero()) {
            throw new Failure(
                    FailureKind.TIMEOUT, "the run did not end within its deadline of " + TimeText.limit(whole), advice);
        }
        return left;
    }

    /**
     * Returns what is left, but not more than {@code most}.
     *
     * @throws Failure {@code TIMEOUT} when nothing is
     */
    public Duration remaining(Duration most) throws Failure {
        Duration left = remaining();
        return left.compareTo(most) < 0 ? left : most;
    }

    /** Returns a deadline that ends with this one, or after {@code most} if that is sooner. */
    public Deadline within(Duration most) {
        Duration left = left();
        return new Deadline(nanoTime, left.compareTo(most) < 0 ? left : most, advice);
    }

    /** Returns what a person whose work did not end in time can do. */
    public String advice() {
        return advice;
    }

    /** Returns the length it was made with. */
    public Duration whole() {
        return whole;
    }
}
