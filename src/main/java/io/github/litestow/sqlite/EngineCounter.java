package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Gives the engine something new to store without touching what an application keeps: steps the
 * engine's own counter in its own table, as the engine does before each checkpoint (litestream 0.5.17).
 * While it is open the WAL stays, so that only this step is uploaded. Not safe for concurrent use.
 */
public final class EngineCounter implements AutoCloseable {
    private static final String STEP =
            "INSERT INTO _litestream_seq (id, seq) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET seq = seq + 1";

    private final ConfiguredDatabase database;
    private final Connection connection;

    private EngineCounter(ConfiguredDatabase database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /**
     * Opens the database, on which the engine must have worked before.
     *
     * @param busy how long to wait for locks
     */
    public static EngineCounter open(ConfiguredDatabase database, Duration busy) throws Failure {
        try {
            Connection connection = Connections.writable(database.database(), busy);
            return new EngineCounter(database, connection);
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
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
        try {
            connection.close();
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }
}
