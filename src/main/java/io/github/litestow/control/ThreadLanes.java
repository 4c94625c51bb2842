package io.github.litestow.control;

import java.util.HashMap;
import java.util.Map;

/**
 * {@link DaemonThreads} of one purpose for each place that may hang, so that work which hangs at one
 * place takes no thread from another's: as many threads as there are places in use, not as there is
 * work. Safe for concurrent use.
 */
public final class ThreadLanes implements AutoCloseable {
    private final String purpose;
    private final int most;
    private final Map<String, DaemonThreads> lanes = new HashMap<>();
    private boolean closed;

    /**
     * Makes no thread yet.
     *
     * @param purpose what the threads are for, as their name says it
     * @param most how many work at once at one place
     */
    public ThreadLanes(String purpose, int most) {
        this.purpose = purpose;
        this.most = most;
    }

    /** Returns the threads for work at this place. */
    public synchronized DaemonThreads at(String place) {
        DaemonThreads lane = lanes.computeIfAbsent(place, any -> new DaemonThreads(purpose, most));
        if (closed) {
            lane.close();
        }
        return lane;
    }

    /** Begins nothing any more; what works goes on to its end. */
    @Override
    public synchronized void close() {
        closed = true;
        lanes.values().forEach(DaemonThreads::close);
    }
}
