package io.github.litestow.lease;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.ThreadLanes;

/**
 * The few threads on which all leases of this process are kept, however many there are. Safe for
 * concurrent use.
 *
 * <p>One watches: it asks the clock and nobody else, so it is never late. The others renew, and may
 * hang on the network; therefore each replica host has its own. A host that hangs keeps its own
 * leases from being renewed, which could not be renewed anyway, and nobody else's. Of the leases at
 * one host each has one renewal on its way at the most, and a renewal over S3 ends within two calls'
 * limits; where one folder hangs for ever, it takes one of the threads and no more.
 *
 * <p>How many leases that is good for: renewed at a third of their time, which ends at three
 * quarters, they have five twelfths of it to be renewed in, 25 s by default. Where a call takes
 * 100 ms and a renewal two of them, eight threads renew a thousand leases meanwhile.
 */
public final class LeaseThreads implements AutoCloseable {
    private static final int RENEWALS_PER_HOST = 8;

    private final DaemonThreads watch = new DaemonThreads("lease watch", 1);
    private final ThreadLanes renewals = new ThreadLanes("lease renewal", RENEWALS_PER_HOST);

    private final ServiceWatches services = new ServiceWatches(new BootClock());

    /** Makes no thread yet. */
    public LeaseThreads() {}

    DaemonThreads watch() {
        return watch;
    }

    DaemonThreads renewals(String replicaHost) {
        return renewals.at(replicaHost);
    }

    /** Returns what this process knows of other services' leases. */
    ServiceWatches services() {
        return services;
    }

    /** Renews and watches nothing any more: when the application ends. */
    @Override
    public void close() {
        watch.close();
        renewals.close();
    }
}
