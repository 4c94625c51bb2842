package io.github.litestow.control;

import java.util.ArrayList;
import java.util.List;

/**
 * One run's way of being told to stop: whoever stops the run calls {@link #cancel()}, and whatever
 * the run is waiting for is ended at once. Safe for concurrent use.
 */
public final class Cancellation {
    private final List<Runnable> onCancel = new ArrayList<>();
    private final List<Runnable> onKill = new ArrayList<>();
    private boolean cancelled;
    private boolean killed;
    private volatile Runnable look = () -> {};

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

    /**
     * Cancels, and gives nobody time to end well: what the run does from now on may do harm. Works after
     * {@link #cancel()}, too.
     */
    public void kill() {
        List<Runnable> actions;
        synchronized (this) {
            if (killed) {
                return;
            }
            killed = true;
            actions = List.copyOf(onKill);
        }
        actions.forEach(Runnable::run);
        cancel();
    }

    /** Has {@code look} done right before anything begins that cannot be taken back; it may {@link #kill()}. */
    public void lookFirst(Runnable first) {
        look = first;
    }

    /** Looks, and returns whether what cannot be taken back may begin. */
    public boolean mayBegin() {
        look.run();
        return !killed();
    }

    /** Returns whether {@link #cancel()} or {@link #kill()} was called. */
    public synchronized boolean cancelled() {
        return cancelled || killed;
    }

    /** Returns whether {@link #kill()} was called. */
    public synchronized boolean killed() {
        return killed;
    }

    /** Runs {@code action} when cancelled, at once if that was before; the result unregisters it. */
    public Registration onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                onCancel.add(action);
                return () -> unregister(onCancel, action);
            }
        }
        action.run();
        return () -> {};
    }

    /** Runs {@code action} when killed, before what is merely cancelled; as {@link #onCancel} otherwise. */
    public Registration onKill(Runnable action) {
        synchronized (this) {
            if (!killed) {
                onKill.add(action);
                return () -> unregister(onKill, action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void unregister(List<Runnable> actions, Runnable action) {
        actions.remove(action);
    }

    /** What {@link #onCancel} gives back. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
