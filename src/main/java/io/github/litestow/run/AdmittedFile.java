package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.FileHistory;
import io.github.litestow.sqlite.LiveFile;
import io.github.litestow.sqlite.LocalFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The file that a run was let back up. The engine and SQLite open the database by its name, so whatever is
 * uploaded, compared or written down later in the run is the database's only if this file is still there.
 * Confined to the run's thread.
 */
public final class AdmittedFile implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AdmittedFile.class);

    private final ConfiguredDatabase settings;
    private Optional<LiveFile> file = Optional.empty();
    private Optional<FileHistory> history = Optional.empty();

    AdmittedFile(ConfiguredDatabase settings) {
        this.settings = settings;
    }

    /** Who decides whether the file at the path may pass. */
    public interface Decision {
        /** Lets it pass, or throws. */
        void make() throws Failure;
    }

    /** Has somebody look into the file at the path and let it pass, and it alone. */
    public void by(Decision decision) throws Failure {
        close();
        try {
            // Held, because the number of a file that was deleted is given out again at once.
            file = Optional.of(LiveFile.pin(settings.database()));
        } catch (NoSuchFileException e) {
            throw gone();
        } catch (IOException e) {
            throw LocalFile.unreadable(settings.database(), e);
        }
        decision.make();
        require();
    }

    /** Returns what the file says of itself, and notes that for {@link #requireLater}. */
    public FileHistory says(Duration busy) throws Failure {
        FileHistory now = FileHistory.of(settings, busy);
        history = Optional.of(now);
        return now;
    }

    /**
     * Makes sure that the file is still there; of a run that let none pass, nothing is asked.
     *
     * @throws Failure {@code BUSY} when another one is, or none
     */
    public void require() throws Failure {
        try {
            if (file.isPresent() && !file.get().isAt(settings.database())) {
                throw gone();
            }
        } catch (NoSuchFileException e) {
            throw gone();
        } catch (IOException e) {
            throw LocalFile.unreadable(settings.database(), e);
        }
    }

    /** Lets go of the file, after everything else that the run has of it. */
    @Override
    public void close() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            LOG.debugf(e, "%s could not be closed", settings.database());
        }
        file = Optional.empty();
    }

    /** As {@link #uploaded}, where it is known what the file said of itself before; else as {@link #require()}. */
    void requireLater(Duration busy) throws Failure {
        if (history.isPresent()) {
            uploaded(busy);
        } else {
            require();
        }
    }

    /**
     * As {@link #require()}, after an upload, and that nobody copied another state into it, as far as the numbers in
     * it tell.
     *
     * @param busy how long to wait for a lock
     * @return what it says of itself now; empty when it is locked just now
     * @throws Failure {@code BUSY} as above, {@code DISK} when it cannot be read
     */
    Optional<FileHistory> uploaded(Duration busy) throws Failure {
        require();
        Optional<FileHistory> now = Optional.empty();
        Optional<String> denied = Optional.empty();
        try {
            if (DatabaseCheck.knowsEngine(settings.database(), busy)) {
                FileHistory found = FileHistory.of(settings, busy);
                denied = history.flatMap(then -> then.deniedBy(found));
                now = Optional.of(found);
            } else {
                denied = Optional.of("litestream's table is not in it");
            }
        } catch (Failure e) {
            require();
            if (e.kind() != FailureKind.BUSY) {
                throw e;
            }
        }
        // What was looked into was opened by its name.
        require();
        if (denied.isPresent()) {
            throw replaced(settings.database() + " is not what it was: " + denied.get());
        }
        return now;
    }

    private Failure gone() {
        return replaced("another file was put in the place of " + settings.database() + ", or it was moved away");
    }

    private static Failure replaced(String how) {
        return new Failure(
                FailureKind.BUSY,
                how + ", while it was backed up",
                "Nothing was confirmed or deleted, and the file that is there now was left alone. The next run says"
                        + " whether it may be backed up; if it is there by mistake, put the database back by a rename.");
    }
}
