package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * An application that commits a row every few milliseconds until it is stopped, and knows which rows
 * it was told are committed, and when. Never creates a database; a row that fails is given up.
 */
final class CommittingWriter {
    private static final long PAUSE_MILLIS = 4;
    private static final int BUSY_MILLIS = 2_000;

    private final Path database;
    private final NavigableMap<Integer, Instant> acknowledged = new ConcurrentSkipListMap<>();
    private final Thread thread;
    private volatile boolean stopping;
    private int next;

    private CommittingWriter(Path database, int first) {
        this.database = database;
        this.next = first;
        this.thread = new Thread(this::write, "application");
    }

    /** Makes the table in a new database. */
    static void make(Path database) {
        try (Connection connection = Sample.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, note TEXT NOT NULL)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts one that writes rows from {@code first} on. */
    static CommittingWriter start(Path database, int first) {
        CommittingWriter writer = new CommittingWriter(database, first);
        writer.thread.start();
        return writer;
    }

    /** Waits until so many more rows were acknowledged. */
    void awaitRows(int more) {
        int wanted = acknowledged.size() + more;
        patiently().alias("a writer that commits").until(() -> acknowledged.size() >= wanted);
    }

    /** Returns when the first row was acknowledged. */
    Instant begun() {
        return acknowledged.firstEntry().getValue();
    }

    /** Stops it; returns each row it was told is committed, and when it was told. */
    NavigableMap<Integer, Instant> stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
        return Collections.unmodifiableNavigableMap(new TreeMap<>(acknowledged));
    }

    /** Returns the rows of a sound database. */
    static Set<Integer> rows(Path database) {
        Set<Integer> rows = new TreeSet<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT id FROM entry")) {
            while (result.next()) {
                rows.add(result.getInt(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(database + " cannot be read", e);
        }
    }

    private void write() {
        while (!stopping) {
            try (Connection connection = connect(database);
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO entry VALUES (?, hex(randomblob(100)))")) {
                while (!stopping) {
                    int row = next++;
                    insert.setInt(1, row);
                    insert.executeUpdate();
                    acknowledged.put(row, Instant.now());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
                }
            } catch (SQLException e) {
                // Not acknowledged, so nobody counts on it; with a new connection the next one is tried.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            }
        }
    }

    private static Connection connect(Path database) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + database);
    }
}
