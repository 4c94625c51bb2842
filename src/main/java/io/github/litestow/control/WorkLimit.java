package io.github.litestow.control;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * When a piece of work in this process must end: at its deadline, or when it is told to stop. Safe for
 * concurrent use.
 */
public final class WorkLimit {
    private static final Logger LOG = Logger.getLogger(WorkLimit.class);
    private static final long AGAIN_MILLIS = 50;

    private final Deadline deadline;
    private final Cancellation cancellation;

    /** Ends at whichever comes first. */
    public WorkLimit(Deadline deadline, Cancellation cancellation) {
        this.deadline = deadline;
        this.cancellation = cancellation;
    }

    /** Returns a limit that is never reached, for what ends by itself in no time. */
    public static WorkLimit none() {
        return new WorkLimit(new Deadline(System::nanoTime, Duration.ofDays(1)), new Cancellation());
    }

    /**
     * Makes sure that the work may go on; cheap enough to be asked for each block of a file.
     *
     * @throws Failure {@code TIMEOUT} when the deadline has passed, {@code BUSY} when the work was told
     *     to stop
     */
    public void check() throws Failure {
        if (cancellation.cancelled()) {
            throw new Failure(FailureKind.BUSY, "stopped before it was done", "Run it again.");
        }
        deadline.remaining();
    }

    /** Returns whether {@link #check} would throw. */
    public boolean over() {
        return cancellation.cancelled() || deadline.left().isZero();
    }

    /**
     * Has {@code stop} called, from another thread, once the work must end, and again every 50 ms until
     * the returned is closed: what it interrupts may not have begun the first time. After the close it
     * is not called any more, so it may use what is closed next.
     */
    public Held watch(Runnable stop) {
        Watch watch = new Watch(stop);
        Cancellation.Registration registered = cancellation.onCancel(watch.woken::countDown);
        DaemonThreads.start("work limit", () -> watch.until(deadline));
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

        void until(Deadline deadline) {
            try {
                boolean early = woken.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
                LOG.trace(early ? "ended or told to stop" : "at the deadline");
                boolean done = false;
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
