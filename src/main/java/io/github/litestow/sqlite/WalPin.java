package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.WalPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps what is committed in the WAL, so that the engine (litestream 0.5.17) can upload the change
 * alone, and so that what it uploaded can be compared with a restore: an open read transaction keeps the
 * last client from deleting the WAL, writers from starting it over, and checkpoints from going beyond
 * it. Readers and writers go on; nothing is ever written through it, and no lock of a writer is taken.
 *
 * <p>While it is open, what reads the main file in this process must do so through {@link LiveFile}. Not
 * safe for concurrent use.
 */
public final class WalPin implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Below this a WAL is left to grow whatever the database's size. */
    private static final long SMALL = 16L * 1024 * 1024;

    private final ConfiguredDatabase database;
    private final LiveFile file;
    private Connection reader;

    private WalPin(ConfiguredDatabase database, LiveFile file, Connection reader) {
        this.database = database;
        this.file = file;
        this.reader = reader;
    }

    /** Holds the WAL; empty when the database is not in WAL mode, or cannot be read just now. */
    public static Optional<WalPin> take(ConfiguredDatabase database) {
        try {
            LiveFile file = LiveFile.pin(database.database());
            Optional<Connection> reader = Optional.empty();
            try {
                reader = reader(database, file);
                return reader.map(held -> new WalPin(database, file, held));
            } finally {
                if (reader.isEmpty()) {
                    file.close();
                }
            }
        } catch (SQLException | IOException e) {
            // Nothing depends on it but the size of the next upload; the next run says what is wrong.
            return Optional.empty();
        }
    }

    private static Optional<Connection> reader(ConfiguredDatabase database, LiveFile file)
            throws SQLException, IOException {
        Connection connection = Connections.readOnly(database.database(), PATIENCE);
        boolean held = false;
        try {
            Connections.execute(connection, "BEGIN");
            Connections.value(connection, "SELECT count(*) FROM sqlite_master");
            held = Connections.value(connection, "PRAGMA journal_mode").equals("wal") && file.isAt(database.database());
            return held ? Optional.of(connection) : Optional.empty();
        } finally {
            if (!held) {
                connection.close();
            }
        }
    }

    /**
     * Goes on from the present state, so that a checkpoint may move what was committed before it. The new
     * read transaction begins before the old one ends: in between the WAL could be started over.
     *
     * @return whether that was possible; if not, close it
     */
    public boolean renew() {
        try {
            Optional<Connection> next = reader(database, file);
            if (next.isPresent()) {
                reader.close();
                reader = next.get();
            }
            return next.isPresent();
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    /**
     * Lets whoever holds the WAL besides start it over, until {@link #renew}; the last client to close
     * does not delete it all the same.
     */
    public void rest() throws Failure {
        try {
            Connections.rollback(reader);
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /** Returns whether the database is still the file at its path. */
    public boolean inPlace() {
        try {
            return file.isAt(database.database());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns whether it still pays: the WAL is not larger than the database, which would be uploaded
     * instead, and the database is still the file at its path. Opens nothing.
     */
    public boolean pays() {
        try {
            return inPlace() && walBytes() <= Math.max(SMALL, Files.size(database.database()));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns how large the WAL is, in bytes. */
    public long walBytes() {
        return database.side("-wal").toFile().length();
    }

    /**
     * What the WAL shows of what was committed after a transaction.
     *
     * @param salts those of the WAL now
     * @param more whether anything was committed that is, or was, in the same WAL as the transaction
     * @param lost whether that may be gone: the WAL was started over
     */
    public record Later(long salts, boolean more, boolean lost) {}

    /**
     * Looks at what was committed after a transaction that was read from a WAL. Started over once, a WAL
     * has the next number for its first salt, and what was behind the transaction is still there, unless it grew
     * as long again.
     *
     * @return empty when the WAL does not reach as far: the engine sees for itself that it is another
     */
    public Optional<Later> after(WalPosition at) throws Failure {
        Path path = database.side("-wal");
        try (FileChannel wal = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(WalView.HEADER);
            ByteBuffer next = ByteBuffer.allocate(WalView.HEADER);
            PageComparison.read(wal, 0, header);
            PageComparison.read(wal, at.end(), next);
            if (header.hasRemaining() || wal.size() < at.end()) {
                return Optional.empty();
            }
            long salts = WalView.salts(header);
            boolean more = !next.hasRemaining() && WalView.saltsOfFrame(next) == at.salts();
            boolean once = (int) (salts >>> Integer.SIZE) == (int) (at.salts() >>> Integer.SIZE) + 1;
            return Optional.of(new Later(salts, more, salts != at.salts() && (more || !once)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw LocalFile.unreadable(path, e);
        }
    }

    /**
     * Returns what differs between the database as it was at the end of a transaction and a restored
     * file, in words for a person; empty when they are equal. The pin must have been taken or renewed
     * before the transaction ended. Writers go on.
     *
     * @param at what the engine says of the transaction
     * @param limit when it must end
     * @throws Failure {@code BUSY} when the WAL does not show that state (any more); {@code TIMEOUT} or
     *     {@code BUSY} when {@code limit} ended it
     */
    public Optional<String> difference(WalPosition at, Path restored, WorkLimit limit) throws Failure {
        // No lock of SQLite is on the WAL itself, so its descriptor may be closed.
        try (FileChannel wal = FileChannel.open(database.side("-wal"), StandardOpenOption.READ);
                FileChannel copy = FileChannel.open(restored, StandardOpenOption.READ)) {
            WalView local = WalView.of(file.channel(), wal, at, limit);
            Optional<String> difference =
                    new PageComparison(at.pageSize(), false, limit).difference(local, new PageComparison.Whole(copy));
            local.requireSame();
            return difference;
        } catch (IOException e) {
            throw LocalFile.unreadable(restored, e);
        }
    }

    /**
     * Lets go for good, as the engine does: what is in the WAL is moved to the main file as far as nobody
     * else reads from it, and the WAL stays.
     */
    public void closeAsTheEngineDoes() throws Failure {
        try {
            rest();
            if (inPlace()) {
                // Not the last one, who would delete the WAL: our reader is still there.
                try (Connection writer = Connections.writable(database.database(), PATIENCE)) {
                    Connections.value(writer, "PRAGMA wal_checkpoint(PASSIVE)");
                }
            }
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        } finally {
            close();
        }
    }

    /** Lets go; as a reader it checkpoints nothing and deletes nothing. */
    @Override
    public void close() throws Failure {
        try (file) {
            reader.close();
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        } catch (IOException e) {
            throw LocalFile.unreadable(database.database(), e);
        }
    }
}
