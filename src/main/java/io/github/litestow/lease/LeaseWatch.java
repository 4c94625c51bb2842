package io.github.litestow.lease;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Held;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Has a lease looked at again and again, by the clock alone: often while something writes under it, so
 * that a process that was frozen ends its writing in the moment in which it is thawed. Safe for
 * concurrent use.
 */
final class LeaseWatch {
    private static final Duration LONGEST = Duration.ofMillis(250);

    /** While nothing writes, a look now and then is enough, and a thousand leases cost nothing. */
    private static final int SELDOM = 4;

    private final DaemonThreads threads;
    private final Duration pause;
    private final BooleanSupplier writing;
    private final Runnable look;
    private Optional<Held> watching = Optional.empty();
    private int ticks;

    LeaseWatch(DaemonThreads threads, Duration leaseTime, BooleanSupplier writing, Runnable look) {
        Duration part = leaseTime.dividedBy(20);
        this.threads = threads;
        this.pause = part.compareTo(LONGEST) < 0 ? part : LONGEST;
        this.writing = writing;
        this.look = look;
    }

    /** Looks at once, and again and again until {@link #end}. */
    void begin() {
        synchronized (this) {
            if (watching.isEmpty()) {
                watching = Optional.of(threads.every(pause, this::tick));
            }
        }
        lookAtOnce();
    }

    void lookAtOnce() {
        threads.execute(look);
    }

    synchronized void end() {
        watching.ifPresent(Held::close);
        watching = Optional.empty();
    }

    private void tick() {
        ticks++;
        if (ticks % SELDOM == 0 || writing.getAsBoolean()) {
            look.run();
        }
    }
}
