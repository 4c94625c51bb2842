package io.github.litestow.run;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.WalPin;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Between the runs on a database that stays, keeps its WAL, so that the next run uploads the change
 * alone (decision record 0010). Lets go when a run begins, because everything else in this process
 * that opens a live database does so within a run, and when the WAL outgrows the database. Safe for
 * concurrent use.
 */
public final class WalPinner {
    private static final Logger LOG = Logger.getLogger(WalPinner.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final Map<String, WalPin> holds = new HashMap<>();
    private final DaemonThreads watch = new DaemonThreads("wal watch", 1);
    private boolean watching;
    private boolean stopped;

    /** Keeps no WAL if this process ends with its one run. */
    public WalPinner(boolean staying) {
        this.stopped = !staying;
    }

    /** Lets go of a database's WAL until the returned is closed; around everything else of a run. */
    public synchronized Pause pause(Database database) {
        close(database.name(), holds.remove(database.name()));
        return () -> keep(database);
    }

    private synchronized void keep(Database database) {
        if (stopped || database.settings().snapshot().deleteLocal()) {
            return;
        }
        Optional<WalPin> hold = WalPin.take(database.settings());
        hold.ifPresent(taken -> holds.put(database.name(), taken));
        if (hold.isPresent() && !watching) {
            watching = true;
            watch.every(LOOK_EVERY, this::look);
        }
    }

    /** Lets go of every WAL that it no longer pays to keep. */
    synchronized void look() {
        Iterator<Map.Entry<String, WalPin>> each = holds.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, WalPin> held = each.next();
            if (!held.getValue().pays()) {
                each.remove();
                close(held.getKey(), held.getValue());
                LOG.debugf("%s: the WAL outgrew the database; the next run uploads everything", held.getKey());
            }
        }
    }

    /** Lets go of all, for good. */
    public synchronized void stop() {
        stopped = true;
        holds.forEach(WalPinner::close);
        holds.clear();
        watch.close();
    }

    private static void close(String name, WalPin hold) {
        try {
            if (hold != null) {
                hold.close();
            }
        } catch (Failure e) {
            // It can only be in the way of a seal, which then says that the database is in use.
            LOG.warnf("%s: cannot let go of the WAL: %s", name, e.getMessage());
        }
    }

    /** A time without holding. */
    public interface Pause extends AutoCloseable {
        @Override
        void close();
    }
}
