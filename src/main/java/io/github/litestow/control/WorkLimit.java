package io.github.litestow.control;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When a piece of work in this process must end: at its deadline, or when it is told to stop. Safe for
 * concurrent use.
 */
public final class WorkLimit {
    private static final long AGAIN_MILLIS = 50;

    private final Deadline deadline;
    private final Cancellation cancellation;
    private final Duration grace;
    private volatile Optional<Deadline> stop = Optional.empty();

    /**
     * Ends at whichever comes first.
     *
     * @param grace how much longer than the order to stop the work may take: what is nearly done is worth
     *     more than an instant
     */
    public WorkLimit(Deadline deadline, Cancellation cancellation, Duration grace) {
        this.deadline = deadline;
        this.cancellation = cancellation;
        this.grace = grace;
        cancellation.onCancel(() -> stop = Optional.of(deadline.within(grace)));
    }

    /** Returns a limit that is never reached, for what ends by itself in no time. */
    public static WorkLimit none() {
        return new WorkLimit(new Deadline(System::nanoTime, Duration.ofDays(1)), new Cancellation(), Duration.ZERO);
    }

    /**
     * Makes sure that the work may go on; cheap enough to be asked for each block of a file.
     *
     * @throws Failure {@code TIMEOUT} when the deadline has passed, {@code BUSY} when the work was told
     *     to stop
     */
    public void check() throws Failure {
        if (stop.filter(end -> end.left().isZero()).isPresent()) {
            throw new Failure(FailureKind.BUSY, "stopped before it was done", "Run it again.");
        }
        deadline.remaining();
    }

    /**
     * Has {@code stop} called, from another thread, once the work must end, and again every 50 ms until
     * the returned is closed: what it interrupts may not have begun the first time. After the close it
     * is not called any more, so it may use what is closed next.
     */
    public Held watch(Runnable stop) {
        Watch watch = new Watch(stop);
        Cancellation.Registration registered = cancellation.onCancel(watch.woken::countDown);
        DaemonThreads.start("work limit", () -> watch.until(deadline, grace));
        return () -> {
            registered.close();
            watch.end();
        };
    }

    private static final class Watch {
        private final Runnable stop;
        private final CountDownLatch woken = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);

        Watch(Runnable stop) {
            this.stop = stop;
        }

        void until(Deadline deadline, Duration grace) {
            try {
                boolean early = woken.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
                boolean done =
                        early && ended.await(deadline.within(grace).left().toNanos(), TimeUnit.NANOSECONDS);
                while (!done) {
                    done = !callStop() || ended.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }

        private synchronized boolean callStop() {
            if (ended.getCount() == 0) {
                return false;
            }
            stop.run();
            return true;
        }

        synchronized void end() {
            ended.countDown();
            woken.countDown();
        }
    }
}
