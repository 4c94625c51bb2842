package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.store.Replica;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What this process knows of the leases of other services, by the place that holds them: one look tells
 * it for all databases that rest on the same one. Safe for concurrent use.
 */
public final class ServiceWatches {
    private final LongSupplier nanoTime;
    private final Map<String, ServiceWatch> watches = new HashMap<>();

    /** Knows nothing yet; {@code nanoTime} is monotonic and goes on while the machine sleeps. */
    public ServiceWatches(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns what became of the service's lease on which a database's rests. */
    ServiceWatch.Verdict verdict(Replica replica, LeaseDocument lease) throws Failure {
        ServiceReference on = lease.service();
        return on == null ? ServiceWatch.Verdict.NONE : above(replica, on.up()).look(on);
    }

    private synchronized ServiceWatch above(Replica replica, int up) throws Failure {
        Replica root = replica.above(up);
        return watches.computeIfAbsent(root.url(), url -> new ServiceWatch(root, nanoTime));
    }
}
