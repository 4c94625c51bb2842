package io.github.litestow.control;

import java.util.ArrayList;
import java.util.List;

/**
 * One run's way of being told to stop: whoever stops the run calls {@link #cancel()}, and whatever
 * the run is waiting for is ended at once. Safe for concurrent use.
 */
public final class Cancellation {
    private final List<Runnable> onCancel = new ArrayList<>();
    private boolean cancelled;

    /** Stops what is registered, now and from now on. Calling it again does nothing. */
    public void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            actions = List.copyOf(onCancel);
        }
        actions.forEach(Runnable::run);
    }

    /** Returns whether {@link #cancel()} was called. */
    public synchronized boolean cancelled() {
        return cancelled;
    }

    /** Runs {@code action} when cancelled, at once if that was before; the result unregisters it. */
    public Registration onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                onCancel.add(action);
                return () -> unregister(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void unregister(Runnable action) {
        onCancel.remove(action);
    }

    /** What {@link #onCancel} gives back. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
