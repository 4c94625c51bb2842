package io.github.litestow.sqlite;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.settings.DatabaseSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds back writers of a live database for an instant, so that what the engine uploads and what we
 * copy are one and the same state; readers go on, and so do writers once it is {@link #lift}ed.
 *
 * <p>Not safe for concurrent use. While it is open nothing else in this process may open the files.
 */
public final class WriteFence implements AutoCloseable {
    private static final Duration READ_PATIENCE = Duration.ofSeconds(5);

    private final DatabaseSettings database;
    private final Connection fence;
    private Connection reader;

    private WriteFence(DatabaseSettings database, Connection fence) {
        this.database = database;
        this.fence = fence;
    }

    /**
     * Takes the write lock, waiting up to {@code timeout}.
     *
     * <p>The connection reads first: so the WAL outlives the other clients, without which litestream
     * 0.5.17 cannot run while the lock is held.
     *
     * @return the fence, or empty when somebody writes all the time or the database is not in WAL
     */
    public static Optional<WriteFence> take(DatabaseSettings database, Duration timeout) throws Failure {
        Connection connection = null;
        boolean taken = false;
        try {
            connection = Connections.writable(database.database(), timeout);
            Connections.value(connection, "SELECT count(*) FROM sqlite_master");
            boolean wal = Connections.value(connection, "PRAGMA journal_mode").equals("wal");
            if (wal) {
                Connections.execute(connection, "BEGIN IMMEDIATE");
                taken = true;
            }
            return taken ? Optional.of(new WriteFence(database, connection)) : Optional.empty();
        } catch (SQLException e) {
            if (Connections.busy(e)) {
                return Optional.empty();
            }
            throw DatabaseCheck.classify(database.database(), e);
        } finally {
            if (!taken && connection != null) {
                close(database, connection);
            }
        }
    }

    /** Keeps the present state to copy from, and lets the writers go on. */
    public void lift() throws Failure {
        try {
            reader = Connections.readOnly(database.database(), READ_PATIENCE);
            Connections.execute(reader, "BEGIN");
            Connections.value(reader, "SELECT count(*) FROM sqlite_master");
            Connections.execute(fence, "ROLLBACK");
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /**
     * Copies the state at {@link #lift} through SQLite's backup API, whoever writes meanwhile.
     *
     * @param target a file that does not exist yet
     */
    public void copy(Path target) throws Failure {
        if (reader == null) {
            throw new Failure(
                    FailureKind.INTERNAL, "no state was kept to copy from", "This is a defect of Litestow; report it.");
        }
        try (Statement statement = reader.createStatement()) {
            statement.executeUpdate("backup to '" + target.toString().replace("'", "''") + "'");
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    @Override
    public void close() throws Failure {
        try (Connection first = fence;
                Connection second = reader) {
            reader = null;
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    private static void close(DatabaseSettings database, Connection connection) throws Failure {
        try {
            connection.close();
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }
}
