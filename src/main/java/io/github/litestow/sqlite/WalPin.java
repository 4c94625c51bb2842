package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps what is committed in the WAL until the next run, so that the engine (litestream 0.5.17) can
 * upload the change alone: an open read transaction keeps the last client from deleting the WAL and
 * writers from starting it over. Readers and writers go on; nothing is ever written through it.
 *
 * <p>While it is open nothing else in this process may open the database: closing any other
 * descriptor would drop its lock. That would cost an upload, not a row: the connection is for
 * reading only, so it can neither checkpoint nor write. Not safe for concurrent use.
 */
public final class WalPin implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Below this a WAL is left to grow whatever the database's size. */
    private static final long SMALL = 16L * 1024 * 1024;

    private final ConfiguredDatabase database;
    private final Connection connection;
    private final Object inode;

    private WalPin(ConfiguredDatabase database, Connection connection, Object inode) {
        this.database = database;
        this.connection = connection;
        this.inode = inode;
    }

    /** Holds the WAL; empty when there is none, or when the database cannot be read just now. */
    public static Optional<WalPin> take(ConfiguredDatabase database) {
        try {
            Path wal = database.side("-wal");
            if (!Files.exists(wal, LinkOption.NOFOLLOW_LINKS) || Files.size(wal) == 0) {
                return Optional.empty();
            }
            Object inode = inode(database);
            Connection connection = Connections.readOnly(database.database(), PATIENCE);
            boolean held = false;
            try {
                Connections.execute(connection, "BEGIN");
                Connections.value(connection, "SELECT count(*) FROM sqlite_master");
                held = Connections.value(connection, "PRAGMA journal_mode").equals("wal")
                        && inode.equals(inode(database));
                return held ? Optional.of(new WalPin(database, connection, inode)) : Optional.empty();
            } finally {
                if (!held) {
                    connection.close();
                }
            }
        } catch (SQLException | IOException e) {
            // Nothing depends on it but the size of the next upload; the next run says what is wrong.
            return Optional.empty();
        }
    }

    /**
     * Returns whether it still pays: the WAL is not larger than the database, which would be uploaded
     * instead, and the database is still the file at its path. Opens nothing.
     */
    public boolean pays() {
        try {
            long wal = Files.size(database.side("-wal"));
            return inode.equals(inode(database)) && wal <= Math.max(SMALL, Files.size(database.database()));
        } catch (IOException e) {
            return false;
        }
    }

    /** Lets go; as a reader it checkpoints nothing and deletes nothing. */
    @Override
    public void close() throws Failure {
        try {
            connection.close();
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    private static Object inode(ConfiguredDatabase database) throws IOException {
        return Files.getAttribute(database.database(), "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }
}
