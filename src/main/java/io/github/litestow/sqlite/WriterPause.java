package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds back writers of a live database for an instant, so that what the engine uploads and what we
 * copy are one and the same state; readers go on, and so do writers once it is {@link #lift}ed.
 *
 * <p>Not safe for concurrent use. While it is open nothing else in this process may open the files.
 */
public final class WriterPause implements AutoCloseable {
    private static final Duration READ_PATIENCE = Duration.ofSeconds(5);

    private final ConfiguredDatabase database;
    private final Connection fence;
    private final Connection reader;
    private boolean lifted;
    /** Whoever copies through the reader closes it. */
    private boolean readerGiven;

    private WriterPause(ConfiguredDatabase database, Connection fence, Connection reader) {
        this.database = database;
        this.fence = fence;
        this.reader = reader;
    }

    /**
     * Takes the write lock, waiting up to {@code timeout}.
     *
     * <p>Both connections read first: so the WAL outlives the other clients, without which litestream
     * 0.5.17 cannot run while the lock is held, and uploads everything the next time.
     *
     * @return the fence, or empty when somebody writes all the time or the database is not in WAL
     */
    public static Optional<WriterPause> take(ConfiguredDatabase database, Duration timeout) throws Failure {
        Connection connection = null;
        Connection reader = null;
        boolean taken = false;
        try {
            reader = Connections.readOnly(database.database(), READ_PATIENCE);
            Connections.value(reader, "SELECT count(*) FROM sqlite_master");
            connection = Connections.writable(database.database(), timeout);
            Connections.value(connection, "SELECT count(*) FROM sqlite_master");
            boolean wal = Connections.value(connection, "PRAGMA journal_mode").equals("wal");
            if (wal) {
                Connections.execute(connection, "BEGIN IMMEDIATE");
                taken = true;
            }
            return taken ? Optional.of(new WriterPause(database, connection, reader)) : Optional.empty();
        } catch (SQLException e) {
            if (Connections.busy(e)) {
                return Optional.empty();
            }
            throw DatabaseCheck.classify(database.database(), e);
        } finally {
            if (!taken) {
                close(database, connection, reader);
            }
        }
    }

    /** Keeps the present state to copy from, and lets the writers go on. */
    public void lift() throws Failure {
        try {
            Connections.execute(reader, "BEGIN");
            Connections.value(reader, "SELECT count(*) FROM sqlite_master");
            Connections.execute(fence, "ROLLBACK");
            lifted = true;
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /**
     * Copies the state at {@link #lift} through SQLite's backup API, whoever writes meanwhile; once.
     *
     * @param target a file that does not exist yet
     * @param limit when it must end
     * @throws Failure {@code TIMEOUT} or {@code BUSY} when {@code limit} ended it
     */
    public void copy(Path target, WorkLimit limit) throws Failure {
        if (!lifted || readerGiven) {
            throw new Failure(
                    FailureKind.INTERNAL, "no state was kept to copy from", "This is a defect of Litestow; report it.");
        }
        limit.check();
        // The fence first: the last connection that can write checkpoints as it closes, and deletes the WAL.
        close(database, fence, null);
        readerGiven = true;
        OnlineCopy.copy(database, reader, target, limit);
    }

    @Override
    public void close() throws Failure {
        if (!readerGiven) {
            close(database, fence, reader);
        }
    }

    /** The reader last: the last connection that can write checkpoints as it closes, and deletes the WAL. */
    private static void close(ConfiguredDatabase database, Connection first, Connection last) throws Failure {
        try (last;
                first) {
            // Closed in the opposite order of their naming.
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }
}
