package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the service has of its databases for as long as it lives: on this host the lock, at the
 * replica the lease. Safe for concurrent use.
 */
@ApplicationScoped
public class Tenure {
    private static final Logger LOG = Logger.getLogger(Tenure.class);

    private final Invocation invocation;

    /** Tells others about this process in the words of {@code invocation}. */
    public Tenure(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * Keeps other processes of this host away from a database for as long as this one lives.
     *
     * @throws Failure {@code BUSY} when another process works on it, {@code DISK}
     */
    public void keepOthersOut(Database database) throws Failure {
        StateFolder.ensure(database.settings());
        database.claim().holdHost(invocation.describe());
    }

    /**
     * Takes the lease of a database's replica for as long as this process lives, or keeps trying to.
     *
     * @return who else has it; empty when it is ours, or nothing could be found out yet
     */
    public Optional<String> keepLease(Database database) {
        try {
            return database.lease().keep(invocation.describe());
        } catch (Failure e) {
            LOG.warnf(
                    "%s: the lease of %s cannot be taken yet: %s. %s",
                    database.name(), database.replica().url(), e.getMessage(), e.hint());
            return Optional.empty();
        }
    }

    /** Gives the lease back, so that whoever waits for it need not wait until it expires. */
    public void giveLeaseBack(Database database) {
        database.lease().giveBack();
    }

    /**
     * Has the replica's store race some writers, and writes down whether it lets exactly one win;
     * without that, nothing but care keeps two services apart.
     */
    public void testStore(Database database) {
        try {
            if (database.replica().keepsObjects()) {
                boolean decides = database.replica().decidesRaces();
                database.journal().change(draft -> draft.decidesRaces(decides));
                if (!decides) {
                    LOG.warnf(
                            "%s: the store of %s does not decide between two writers (no working conditional writes):"
                                    + " the lease is a hint only; never let two services use this replica",
                            database.name(), database.replica().url());
                }
            }
        } catch (Failure e) {
            LOG.debugf(e, "%s: the store was not tested", database.name());
        }
    }
}
