package io.github.litestow.run;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.SqliteLibrary;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A short look at a database that a service finds at its start: is it damaged by what happened meanwhile? */
public final class StartLook {
    private static final Logger LOG = Logger.getLogger(StartLook.class);

    /** A database of some hundred megabytes; of a larger one the beginning, and whether the file was cut. */
    private static final Duration MOST = Duration.ofMillis(500);

    private StartLook() {}

    /**
     * Returns whether SQLite calls it damaged. What cannot be told in this time, or because somebody works with it,
     * is left to the next run.
     *
     * @param who for the messages of others
     */
    public static boolean findsDamage(Database database, String who) {
        try {
            Optional<Held> lock = database.lock().take(who);
            if (lock.isEmpty()) {
                return false;
            }
            try (Held held = lock.get()) {
                // The first use of SQLite, where nothing is restored at a start.
                SqliteLibrary.load(database.settings().stateFolder());
                LocalFile local = LocalFile.look(database.settings());
                if (local.state() == LocalFile.State.DATABASE) {
                    WorkLimit limit =
                            new WorkLimit(new Deadline(System::nanoTime, MOST), new Cancellation(), Duration.ZERO);
                    DatabaseCheck.quick(database.settings(), local, Duration.ZERO, limit);
                }
                return local.state() == LocalFile.State.FOREIGN;
            }
        } catch (Failure e) {
            LOG.debugf("%s: %s", database.name(), e.getMessage());
            return e.kind() == FailureKind.SOURCE_DAMAGED;
        }
    }
}
