package io.github.litestow.run;

import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Pauses databases: while one is paused no slot of the cron begins a snapshot of it, nor does a start make up
 * for slots that were missed. Whatever else is asked for works as always, and so does the last snapshot at the
 * shutdown. That is written down, so it outlives restarts. Safe for concurrent use.
 */
@ApplicationScoped
public class Pauses {
    private static final Logger LOG = Logger.getLogger(Pauses.class);
    /** A run may end between the two looks at the lock, and another one begin. */
    private static final int TRIES = 5;

    private final Clock clock;
    private final LaunchMode launchMode;

    /** Dates by {@code clock}. */
    public Pauses(Clock clock, LaunchMode launchMode) {
        this.clock = clock;
        this.launchMode = launchMode;
    }

    /**
     * Pauses a database, or has slots begin snapshots of it again; what is so already stays so. A run of this
     * process that works on it goes on.
     *
     * @throws Failure {@code BUSY} when another process works on the database, {@code DISK} when it cannot be
     *     written down; then nothing changed
     */
    public void set(Database database, boolean paused) throws Failure {
        Optional<Instant> since = paused ? Optional.of(clock.instant()) : Optional.empty();
        StateFolder.ensure(database.settings());
        for (int i = 0; i < TRIES; i++) {
            if (noted(database, since)) {
                LOG.infof(
                        "%s: %s",
                        database.name(), paused ? "paused, no slot begins a snapshot" : "not paused any more");
                return;
            }
        }
        throw new Failure(
                FailureKind.BUSY,
                "runs of this database begin and end too often to get between them",
                "Try again in a moment.");
    }

    private boolean noted(Database database, Optional<Instant> since) throws Failure {
        if (database.lock().beside(() -> database.journal().paused(since))) {
            return true;
        }
        Optional<Held> lock = database.lock().take(launchMode.describe());
        if (lock.isEmpty()) {
            return false;
        }
        try (Held held = lock.get()) {
            database.journal().paused(since);
            return true;
        }
    }
}
