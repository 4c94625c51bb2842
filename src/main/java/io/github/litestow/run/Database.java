package io.github.litestow.run;

import io.github.litestow.journal.Journal;
import io.github.litestow.lease.ConditionalWriteCheck;
import io.github.litestow.lease.LeaseHeartbeat;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.store.Replica;
import org.jboss.logging.Logger;

/**
 * One configured database with everything that works on it.
 *
 * @param settings its settings
 * @param journal its record
 * @param replica its replica
 * @param lock who may work on it, on this host
 * @param lease who may write to its replica
 */
public record Database(
        DatabaseSettings settings, Journal journal, Replica replica, DatabaseLock lock, LeaseHeartbeat lease) {
    private static final Logger LOG = Logger.getLogger(Database.class);

    /** Wires a database, whose lease is kept on {@code threads}. */
    public Database(
            DatabaseSettings settings, Journal journal, Replica replica, DatabaseLock lock, LeaseThreads threads) {
        this(settings, journal, replica, lock, new LeaseHeartbeat(settings, replica, lock.host(), threads));
        journal.leaseHeld(lease::sure);
    }

    /** Returns the name in the settings. */
    public String name() {
        return settings.name();
    }

    /**
     * Has a database of which this machine knows nothing learn from the replica's own record, in
     * memory only.
     *
     * @throws Failure when the replica cannot be read
     */
    public void learn() throws Failure {
        journal.learn(replica.proofs(), missing());
    }

    /**
     * Has the replica's store race some writers, and writes down whether it lets exactly one win;
     * without that, nothing but care keeps two services apart. A store that passed once is believed:
     * the races cost some sixty requests.
     */
    public void testConditionalWrites() {
        boolean passed = journal.state().conditionalWrites().orElse(false);
        try {
            if (replica.keepsObjects() && !passed) {
                boolean decides = ConditionalWriteCheck.passes(replica.store());
                journal.change(draft -> draft.conditionalWrites(decides));
                if (!decides) {
                    LOG.warnf(
                            "%s: the store of %s does not decide between two writers (no working conditional writes):"
                                    + " the lease is a hint only; never let two services use this replica",
                            name(), replica.url());
                }
            }
        } catch (Failure e) {
            LOG.debugf(e, "%s: the store was not tested", name());
        }
    }

    /**
     * Returns whether nothing lies at the database's path, or a file without a byte, which is as good
     * as nothing (an application's connect makes one). Opens nothing, so it may be asked at any time.
     */
    public boolean missing() {
        return settings.database().toFile().length() == 0;
    }
}
