package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One point in monotonic time by which a run must end. Immutable. */
final class Deadline {
    private final LongSupplier nanoTime;
    private final Duration whole;
    private final long end;

    Deadline(LongSupplier nanoTime, Duration whole) {
        this.nanoTime = nanoTime;
        this.whole = whole;
        this.end = nanoTime.getAsLong() + whole.toNanos();
    }

    /** Returns what is left, more than zero. */
    Duration remaining() throws Failure {
        Duration left = Duration.ofNanos(end - nanoTime.getAsLong());
        if (left.isNegative() || left.isZero()) {
            throw new Failure(
                    FailureKind.TIMEOUT,
                    "the run did not end within its deadline of " + whole,
                    "Raise LITESTOW_SNAPSHOT_TIMEOUT if the database or the network needs longer.");
        }
        return left;
    }

    /** Returns what is left, but not more than {@code most}. */
    Duration remaining(Duration most) throws Failure {
        Duration left = remaining();
        return left.compareTo(most) < 0 ? left : most;
    }
}
