package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Gives up what engines before left half uploaded, killed at a deadline or with their host. Under the
 * lease, before an engine of ours starts, nobody works on what is found; a store whose lease is a hint
 * only gets a day. Not being allowed to is said once: the parts cost money, and no backup. Safe for
 * concurrent use.
 */
public final class UnfinishedUploads {
    private static final Logger LOG = Logger.getLogger(UnfinishedUploads.class);
    private static final Duration WITHOUT_LEASE = Duration.ofDays(1);
    /** Object stores tell whole seconds. */
    private static final Duration GRAIN = Duration.ofSeconds(1);

    private final AtomicBoolean impossible = new AtomicBoolean();

    /** Gives up what was begun before this run; the run has the lease. */
    public void giveUp(RunContext context) {
        Database database = context.database();
        Optional<Instant> now = database.replica().time();
        if (impossible.get() || now.isEmpty()) {
            return;
        }
        boolean leased = database.journal()
                .state()
                .conditionalWrites()
                .orElseGet(() -> database.replica().store().conditionalWrites());
        try {
            int uploads = database.replica().store().abortUploads(now.get().minus(leased ? GRAIN : WITHOUT_LEASE));
            if (uploads > 0) {
                LOG.infof("%s: gave up %d uploads that were never finished", database.name(), uploads);
            }
        } catch (Failure e) {
            if (e.kind() != FailureKind.ACCESS_DENIED) {
                LOG.debugf(e, "%s: uploads that were never finished were not looked for", database.name());
                return;
            }
            impossible.set(true);
            LOG.infof(
                    "%s: uploads that were never finished stay at the replica (docs/storage.md names the permissions, and a"
                            + " lifecycle rule that does the same): %s",
                    database.name(), e.getMessage());
        }
    }
}
