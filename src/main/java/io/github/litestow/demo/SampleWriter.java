package io.github.litestow.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * An application for the demonstration: opens the database, commits a few rows, closes it, and
 * checks each time that every row it was ever told is committed is still there. A process of its
 * own, because two users of one database in one process would share SQLite's locks.
 */
public final class SampleWriter {
    /** Gone, marked as deleted, or deleted while it was open. */
    private static final Set<Integer> OFFLOADED = Set.of(
            SQLiteErrorCode.SQLITE_NOTADB.code,
            SQLiteErrorCode.SQLITE_CANTOPEN.code,
            SQLiteErrorCode.SQLITE_IOERR.code,
            SQLiteErrorCode.SQLITE_READONLY.code);

    /** SQLite's extended codes have the plain one in their low byte. */
    private static final int PRIMARY = 0xff;

    private static final int ROWS = 10;
    private static final long PAUSE_MILLIS = 150;
    private static final long BETWEEN_MILLIS = 1_500;

    private final Path database;
    private long last;

    private SampleWriter(Path database) {
        this.database = database;
    }

    /** Writes to the database at {@code path} until the process is ended. */
    public static void run(String path) throws IOException, InterruptedException {
        SampleWriter writer = new SampleWriter(Path.of(path));
        try {
            writer.create();
        } catch (SQLException e) {
            throw new IOException("cannot make a sample database at " + path + ": " + e.getMessage(), e);
        }
        while (true) {
            if (Files.exists(writer.database)) {
                writer.round();
            }
            pause(BETWEEN_MILLIS);
        }
    }

    /** Makes the sample database where there is none; later on it comes back by restore only. */
    private void create() throws SQLException, IOException {
        if (Files.exists(database)) {
            return;
        }
        // Whole at once: a slot that comes meanwhile would find, and refuse, a file without a byte.
        Path made = database.resolveSibling(database.getFileName() + ".new");
        Files.deleteIfExists(made);
        try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + made);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE visit (id INTEGER PRIMARY KEY, note TEXT NOT NULL)");
        }
        Files.move(made, database, StandardCopyOption.ATOMIC_MOVE);
        System.out.println("writer: made a sample database at " + database);
    }

    private void round() throws InterruptedException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(5_000);
        try (Connection connection = config.createConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO visit (note) VALUES ('seen')")) {
            long there = number(statement, "SELECT count(*) FROM visit");
            long newest = number(statement, "SELECT coalesce(max(id), 0) FROM visit");
            if (newest < last || there != newest) {
                System.out.println("writer: ROWS MISSING: " + last + " were committed, " + there + " are there");
            }
            for (int i = 0; i < ROWS; i++) {
                insert.executeUpdate();
                last = number(statement, "SELECT max(id) FROM visit");
                pause(PAUSE_MILLIS);
            }
            System.out.println("writer: " + last + " rows committed, all there");
        } catch (SQLException e) {
            System.out.println("writer: " + words(e));
        }
    }

    /** What an application sees when its database is offloaded under its feet; it tries again. */
    static String words(SQLException e) {
        return OFFLOADED.contains(e.getErrorCode() & PRIMARY)
                ? "the database is just being offloaded, it comes back in a moment"
                : "not now (" + e.getMessage() + ")";
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void pause(long millis) throws InterruptedException {
        // Never counted down: only its time-out ends the wait.
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
