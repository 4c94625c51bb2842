package io.github.litestow.engine;

import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The engine processes that run now, so that none outlives this JVM. Safe for concurrent use. */
final class RunningEngines {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

    private final LongSupplier nanoTime;
    private final Set<Engine> running = new HashSet<>();
    private int starting;
    private boolean closed;

    RunningEngines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Announces one that starts now, so that a stop which comes meanwhile waits for it: {@link #add} or
     * {@link #withdraw} follows.
     *
     * @throws Failure {@code BUSY} when engines may no longer be started
     */
    synchronized void announce() throws Failure {
        if (closed) {
            throw new Failure(
                    FailureKind.BUSY,
                    "Litestow was told to stop and no longer starts engines",
                    "Run the command again, or start the service again.");
        }
        starting++;
    }

    /** Takes back what was announced and did not start. */
    synchronized void withdraw() {
        starting--;
        notifyAll();
    }

    /** Adds one that was announced; when a stop came meanwhile, it is cancelled at once. */
    void add(Engine engine) {
        boolean stopping;
        synchronized (this) {
            starting--;
            running.add(engine);
            stopping = closed;
        }
        if (stopping) {
            engine.cancel();
        }
    }

    /** Removes one that was reaped. */
    synchronized void remove(Engine engine) {
        running.remove(engine);
        notifyAll();
    }

    /** Ends every engine, and lets no other be started; takes about four seconds at most. */
    void close() {
        List<Engine> engines;
        synchronized (this) {
            closed = true;
            engines = new ArrayList<>(running);
        }
        engines.forEach(Engine::cancel);
        if (!awaitIdle(STOP_TIMEOUT)) {
            synchronized (this) {
                engines = new ArrayList<>(running);
            }
            engines.forEach(Engine::kill);
        }
    }

    /** Waits until none runs or starts; returns whether that happened in time, false when interrupted. */
    synchronized boolean awaitIdle(Duration timeout) {
        Deadline deadline = new Deadline(nanoTime, timeout);
        try {
            while (starting > 0 || !running.isEmpty()) {
                long millis = deadline.left().toMillis();
                if (millis == 0) {
                    return false;
                }
                TimeUnit.MILLISECONDS.timedWait(this, millis);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One running engine. */
    interface Engine {
        /** Ends it the orderly way; its run returns as cancelled. */
        void cancel();

        /** Ends it at once. */
        void kill();
    }
}
