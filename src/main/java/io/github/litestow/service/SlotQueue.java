package io.github.litestow.service;

import io.github.litestow.control.ThreadLanes;
import io.github.litestow.run.Database;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The snapshots that wait for a thread, at most one of each database. They have some threads for each
 * replica host, so that one that hangs takes none from the others; and large databases have few of their own,
 * so that a small one waits for no large one. Safe for concurrent use.
 */
final class SlotQueue implements AutoCloseable {
    private static final int RUNS_PER_HOST = 12;
    private static final int LARGE_RUNS_PER_HOST = 4;
    private static final long LARGE = 256L << 20;

    private final ThreadLanes small = new ThreadLanes("cron", RUNS_PER_HOST);
    private final ThreadLanes large = new ThreadLanes("cron large", LARGE_RUNS_PER_HOST);

    /** The databases whose slot is being used, by name. */
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /**
     * Has a thread do the work as soon as one is free.
     *
     * @return whether it will; not while earlier work on the same database waits or is being done
     */
    boolean add(Database database, Consumer<Database> work) {
        if (!busy.add(database.name())) {
            return false;
        }
        ThreadLanes lanes = database.settings().database().toFile().length() >= LARGE ? large : small;
        lanes.at(database.settings().replicaHost()).execute(() -> {
            try {
                work.accept(database);
            } finally {
                busy.remove(database.name());
            }
        });
        return true;
    }

    /** Returns whether nothing waits and nothing is being done. */
    boolean idle() {
        return busy.isEmpty();
    }

    /** Begins nothing any more. */
    @Override
    public void close() {
        small.close();
        large.close();
    }
}
