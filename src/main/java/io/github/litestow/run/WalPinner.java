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
 * alone (decision record 0010). A run takes over what is held, and gives it back. Lets go when the WAL
 * outgrows the database. Safe for concurrent use.
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

    /**
     * Gives what is held of a database's WAL to a run, which gives it back as it ends.
     *
     * @param useful whether the run goes on with the database; if not, it begins with nothing held
     */
    synchronized WalHold lend(Database database, boolean useful) {
        Optional<WalPin> held = Optional.ofNullable(holds.remove(database.name()));
        if (!useful) {
            held.ifPresent(pin -> close(database.name(), pin));
            held = Optional.empty();
        }
        return new WalHold(database.settings(), held, keeps(database), pin -> keep(database, pin));
    }

    private boolean keeps(Database database) {
        // Of thousands nothing is held open between their runs.
        return !stopped
                && !database.settings().snapshot().deleteLocal()
                && database.settings().group().isEmpty();
    }

    private synchronized void keep(Database database, Optional<WalPin> given) {
        Optional<WalPin> pin = given;
        if (!keeps(database)) {
            pin.ifPresent(held -> close(database.name(), held));
            return;
        }
        if (pin.isPresent() && !pin.get().renew()) {
            close(database.name(), pin.get());
            pin = Optional.empty();
        }
        pin = pin.or(() -> WalPin.take(database.settings()));
        pin.ifPresent(taken -> holds.put(database.name(), taken));
        if (pin.isPresent() && !watching) {
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
            hold.close();
        } catch (Failure e) {
            // It can only be in the way of a seal, which then says that the database is in use.
            LOG.warnf("%s: cannot let go of the WAL: %s", name, e.getMessage());
        }
    }
}
