package io.github.litestow.discovery;

import io.github.litestow.control.Held;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.LocalDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.sqlite.StateFolder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What becomes of a database of a group whose file is gone although it was not offloaded: it is retired. That
 * is said once and written down, its replica is left alone, and it is no failure. When the file is there
 * again, so is the database.
 */
final class Retirement {
    private static final Logger LOG = Logger.getLogger(Retirement.class);

    private final LaunchMode launchMode;
    private final Clock clock;

    Retirement(LaunchMode launchMode, Clock clock) {
        this.launchMode = launchMode;
        this.clock = clock;
    }

    /** What is known of a file that is not found any more. */
    enum Verdict {
        /** It is there after all, was offloaded, or a run that was cut off will say what became of it. */
        NOT_GONE,
        /** That could not be written down just now. */
        LATER,
        /** It is gone and its replica is there. */
        RETIRED,
        /** It is gone, and nothing of it was ever backed up. */
        NEVER_BACKED_UP
    }

    /** Judges a database whose file a look through its folder did not find. */
    Verdict isGone(Database database) {
        Path file = database.settings().database();
        DatabaseState state = database.journal().state();
        boolean settled = state.local() instanceof LocalDatabase.Settled;
        if (!Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
                || !settled
                || state.offloaded()
                || state.retired().isPresent()) {
            return Verdict.NOT_GONE;
        }
        boolean backedUp = state.newest().isPresent();
        if (!backedUp && Files.notExists(database.settings().stateFolder(), LinkOption.NOFOLLOW_LINKS)) {
            LOG.warnf("%s: %s is gone, and was never backed up", database.name(), file);
            return Verdict.NEVER_BACKED_UP;
        }
        return changed(database, Optional.of(clock.instant())) ? Verdict.RETIRED : Verdict.LATER;
    }

    /** Says that the file of a database is there. */
    void isHere(Database database) {
        if (database.journal().state().retired().isPresent()) {
            changed(database, Optional.empty());
        }
    }

    private boolean changed(Database database, Optional<Instant> since) {
        try {
            StateFolder.ensure(database.settings());
            Optional<Held> lock = database.lock().take(launchMode.describe());
            if (lock.isEmpty()) {
                return false;
            }
            try (Held held = lock.get()) {
                // If the record went with the file, what this process knows of the replica is all there is.
                if (database.journal().written()) {
                    database.journal().load();
                }
                boolean gone = Files.notExists(database.settings().database(), LinkOption.NOFOLLOW_LINKS);
                if (gone != since.isPresent() || database.journal().state().offloaded()) {
                    return false;
                }
                database.journal().change(change -> change.retired(since));
            }
            if (since.isPresent()) {
                LOG.warnf(
                        "%s: %s is gone and was not offloaded: it is retired. %s",
                        database.name(),
                        database.settings().database(),
                        database.journal().state().newest().isPresent()
                                ? "Its replica " + database.replica().url() + " is left alone; `restore "
                                        + database.name() + "` brings it back"
                                : "No restore point of it is known");
            } else {
                LOG.infof(
                        "%s: %s is there again",
                        database.name(), database.settings().database());
            }
            return true;
        } catch (Failure e) {
            LOG.debugf("%s: %s", database.name(), e.getMessage());
            return false;
        }
    }
}
