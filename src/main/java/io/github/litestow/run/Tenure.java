package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
     * @return who else has it; empty when it is ours
     * @throws Failure when that cannot be found out
     */
    public Optional<String> keepLease(Database database) throws Failure {
        return database.lease().keep(invocation.describe());
    }

    /**
     * Gives the leases back, so that whoever waits for one need not wait until it expires.
     *
     * @param most how long to wait for replicas that do not answer
     */
    public void giveLeasesBack(List<Database> databases, Duration most) {
        List<Thread> threads = new ArrayList<>();
        for (Database database : databases) {
            Thread thread = new Thread(database.lease()::giveBack, "lease back " + database.name());
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        long end = System.nanoTime() + most.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Has the replica's store race some writers, and writes down whether it lets exactly one win;
     * without that, nothing but care keeps two services apart. A store that passed once is believed:
     * the races cost some sixty requests.
     */
    public void testStore(Database database) {
        boolean passed = database.journal().standing().decidesRaces().orElse(false);
        try {
            if (database.replica().keepsObjects() && !passed) {
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
