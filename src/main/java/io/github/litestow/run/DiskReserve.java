package io.github.litestow.run;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stops what fills a disk before the disk is full, so that an application beside it can go on writing:
 * its room may shrink after it was counted, and not every size is known beforehand.
 */
final class DiskReserve {
    private static final Duration LOOK = Duration.ofMillis(20);

    private DiskReserve() {}

    /** What writes to the disk until it is done or cancelled. */
    interface Filling {
        void run(Cancellation cancellation) throws Failure;
    }

    /** How many bytes are free. */
    interface Room {
        long free() throws Failure;
    }

    /**
     * Has something write while the free room is looked at.
     *
     * @param folder where it writes
     * @param bytes how much it will write, 0 if that is not known
     * @param outer what stops it besides
     * @throws Failure {@code DISK} when it was stopped for lack of room, or its own
     */
    static void beside(Path folder, long bytes, Cancellation outer, Filling filling) throws Failure {
        beside(() -> DiskSpace.free(folder), folder, bytes, outer, filling);
    }

    static void beside(Room room, Path folder, long bytes, Cancellation outer, Filling filling) throws Failure {
        long left = DiskSpace.reserve(bytes) / 2;
        AtomicLong stoppedAt = new AtomicLong(-1);
        Cancellation cancellation = new Cancellation();
        try (Cancellation.Registration registered = outer.onCancel(cancellation::cancel);
                DaemonThreads threads = new DaemonThreads("disk reserve", 1);
                Held watch = threads.every(LOOK, () -> look(room, left, stoppedAt, cancellation))) {
            filling.run(cancellation);
        } catch (Failure e) {
            if (stoppedAt.get() < 0 || outer.cancelled()) {
                throw e;
            }
            throw new Failure(
                    FailureKind.DISK,
                    "stopped before the disk was full: " + stoppedAt.get() + " bytes free at " + folder + ", and "
                            + left + " are left to others",
                    "Free some space, or move the database to a larger volume.",
                    e);
        }
    }

    private static void look(Room room, long left, AtomicLong stoppedAt, Cancellation cancellation) {
        try {
            long free = room.free();
            if (free < left && stoppedAt.compareAndSet(-1, free)) {
                cancellation.cancel();
            }
        } catch (Failure e) {
            // The folder may be gone with its run; what writes there says so itself.
            return;
        }
    }
}
