package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Gives the engine something new to store without touching what an application keeps: steps the
 * engine's own counter in its own table, as the engine does before each checkpoint (litestream 0.5.17).
 * While it is open the WAL stays, so that only this step is uploaded; what reads the main file in this process
 * meanwhile must do so through {@link LiveFile}. Not safe for concurrent use.
 */
public final class EngineCounter implements AutoCloseable {
    private static final String STEP =
            "INSERT INTO _litestream_seq (id, seq) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET seq = seq + 1";

    private final ConfiguredDatabase database;
    private final LiveFile file;
    private final Connection connection;

    private EngineCounter(ConfiguredDatabase database, LiveFile file, Connection connection) {
        this.database = database;
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens the database, on which the engine must have worked before.
     *
     * @param busy how long to wait for locks
     */
    public static EngineCounter open(ConfiguredDatabase database, Duration busy) throws Failure {
        try {
            // Else whoever opens and closes the file here takes our locks away, and the application, which is then
            // the last to close it as far as it knows, deletes a WAL into which we write on.
            LiveFile file = LiveFile.pin(database.database());
            boolean opened = false;
            try {
                Connection connection = Connections.writable(database.database(), busy);
                opened = true;
                return new EngineCounter(database, file, connection);
            } finally {
                if (!opened) {
                    file.close();
                }
            }
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        } catch (IOException e) {
            throw LocalFile.unreadable(database.database(), e);
        }
    }

    /**
     * Commits one step.
     *
     * @throws Failure {@code BUSY} when a writer holds the database all the time
     */
    public void step() throws Failure {
        try {
            Connections.execute(connection, STEP);
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /**
     * Commits one step in the transaction of a seal, which goes on with another: its lock is never let go.
     *
     * @return whether there is a counter; a file in which the engine never worked has none
     */
    static boolean stepSealed(Connection connection) throws SQLException {
        if (Connections.value(connection, "SELECT count(*) FROM sqlite_master WHERE name = '_litestream_seq'")
                .equals("0")) {
            return false;
        }
        Connections.execute(connection, STEP);
        Connections.execute(connection, "COMMIT");
        Connections.execute(connection, "BEGIN EXCLUSIVE");
        return true;
    }

    @Override
    public void close() throws Failure {
        try (file) {
            connection.close();
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        } catch (IOException e) {
            throw LocalFile.unreadable(database.database(), e);
        }
    }
}
