package io.github.litestow.run;

import io.github.litestow.control.Held;
import io.github.litestow.lease.HostLock;
import io.github.litestow.outcome.Failure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * One run at a time on a database: among the threads of this process by a semaphore, among the
 * processes of this host by the {@link HostLock}. Safe for concurrent use.
 */
public final class DatabaseLock {
    private final Semaphore oneRun = new Semaphore(1);
    private final HostLock host;
    private final Optional<HostLock> group;
    private boolean taken;

    /** Locks through a file in this state folder. */
    public DatabaseLock(Path stateFolder) {
        this(stateFolder, Optional.empty());
    }

    /**
     * Locks a database of a group, for each run anew: a service holds the group's lock all its life instead,
     * however many databases there are.
     *
     * @param group the lock that the service has for itself, and that others share
     */
    DatabaseLock(Path stateFolder, Optional<HostLock> group) {
        this.host = new HostLock(stateFolder);
        this.group = group;
    }

    /**
     * Takes the lock for one run.
     *
     * @param holder how to describe this process to others
     * @return what to close when the run ends; empty when another run of this process has it
     * @throws Failure {@code BUSY} when another process has it, {@code DISK} when the lock file
     *     cannot be used
     */
    public Optional<Held> take(String holder) throws Failure {
        if (!oneRun.tryAcquire()) {
            return Optional.empty();
        }
        boolean done = false;
        try {
            Held shared = group.isPresent() ? group.get().share(holder) : () -> {};
            Held held;
            try {
                held = host.take(holder);
                done = true;
            } finally {
                if (!done) {
                    shared.close();
                }
            }
            says(true);
            return Optional.of(() -> {
                says(false);
                held.close();
                shared.close();
                oneRun.release();
            });
        } finally {
            if (!done) {
                oneRun.release();
            }
        }
    }

    private synchronized void says(boolean isTaken) {
        taken = isTaken;
    }

    /** Something small. */
    interface Work {
        void done() throws Failure;
    }

    /**
     * Does something beside the run of this process that has the lock, which is not given back before it is done.
     *
     * @return whether it was done; not when no run of this process has the lock
     */
    synchronized boolean beside(Work work) throws Failure {
        if (taken) {
            work.done();
        }
        return taken;
    }

    /** Returns the part that keeps other processes out, which the service holds all its life unless it is of a group. */
    public HostLock host() {
        return host;
    }
}
