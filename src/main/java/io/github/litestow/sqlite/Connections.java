package io.github.litestow.sqlite;

import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** Opens SQLite connections that never create a file, and reads single values through them. */
final class Connections {
    /** As far as the version that a reader must know ("Database File Format", section 1.3). */
    private static final int HEADER = 20;

    private static final Logger LOG = Logger.getLogger(Connections.class);
    /** What sqlite-jdbc puts around SQLite's own words. */
    private static final Pattern IN_BRACKETS = Pattern.compile("\\[SQLITE_\\w+].*?\\((.*)\\)", Pattern.DOTALL);

    private Connections() {}

    /** Opens an existing database for reading and writing, waiting up to {@code busy} for locks. */
    static Connection writable(Path file, Duration busy) throws SQLException {
        return open(file, busy, SQLiteOpenMode.READWRITE);
    }

    /**
     * Opens an existing database for reading. Closing such a connection never checkpoints a WAL, so
     * looking at a database does not change it. What an application that was killed in a transaction left of that
     * is undone first, as whoever opens the database next does it: no reader may look past it.
     */
    static Connection readOnly(Path file, Duration busy) throws SQLException {
        rollBackHotJournal(file, busy);
        return open(file, busy, SQLiteOpenMode.READONLY);
    }

    private static void rollBackHotJournal(Path file, Duration busy) {
        // With a WAL there is none, and the last connection to close would move that to the main file.
        if (beside(file, "-journal").length() == 0 || hasWal(file)) {
            return;
        }
        try (Connection connection = writable(file, busy)) {
            value(connection, "SELECT count(*) FROM sqlite_master");
        } catch (SQLException e) {
            // Whoever reads next is told the same, and says so in the words of what it was about to do.
            LOG.debugf(e, "%s could not be rolled back", file);
        }
    }

    static File beside(Path file, String suffix) {
        return new File(file + suffix);
    }

    private static Connection open(Path file, Duration busy, SQLiteOpenMode mode) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(mode == SQLiteOpenMode.READONLY);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(Math.toIntExact(busy.toMillis()));
        return config.createConnection("jdbc:sqlite:" + file);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends a transaction without effect, if there is one. */
    static void rollback(Connection connection) throws SQLException {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // Only "no transaction is active" may be passed over: there is nothing to undo then.
            if (!String.valueOf(e.getMessage()).contains("no transaction")) {
                throw e;
            }
        }
    }

    /** Returns the first column of the first row as text, or an empty text when there is no row. */
    static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    /**
     * As {@link #value(Connection, String)}, ended by SQLite itself when {@code limit} says so.
     *
     * @throws Failure {@code TIMEOUT} or {@code BUSY} when it was ended
     */
    static String value(Connection connection, String sql, WorkLimit limit) throws SQLException, Failure {
        try (Held watched = watch(connection, limit)) {
            return value(connection, sql);
        } catch (SQLException e) {
            if (interrupted(e)) {
                limit.check();
            }
            throw e;
        }
    }

    /** Has what this connection does interrupted when {@code limit} says so, until the returned is closed. */
    static Held watch(Connection connection, WorkLimit limit) {
        return limit.watch(() -> interrupt(connection));
    }

    /** Has what this connection does just now end with an error; of what it does not do yet nothing ends. */
    static void interrupt(Connection connection) {
        try {
            connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot interrupt SQLite", e);
        }
    }

    /** Returns whether SQLite was interrupted. */
    static boolean interrupted(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_INTERRUPT.code;
    }

    /**
     * Returns whether the statement could not be compiled although the file is sound: the schema needs a
     * function, collation, tokenizer or module that this connection does not have.
     */
    static boolean lacksSomething(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_ERROR.code && !unknownFormat(e);
    }

    /** A header that names a schema format that does not exist is a general error to SQLite. */
    private static boolean unknownFormat(SQLException e) {
        return primaryCode(e) == SQLiteErrorCode.SQLITE_ERROR.code
                && String.valueOf(e.getMessage()).contains("unsupported file format");
    }

    /** Returns whether this is somebody else's lock rather than a fault. */
    static boolean busy(SQLException e) {
        int code = primaryCode(e);
        return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    /** Returns whether SQLite says that the file is not a sound database. */
    static boolean damaged(SQLException e) {
        int code = primaryCode(e);
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code
                || code == SQLiteErrorCode.SQLITE_NOTADB.code
                || unknownFormat(e);
    }

    /**
     * Returns whether there is a rollback journal to be rolled back beside a write-ahead log. No database has both:
     * one of them came from elsewhere, and whoever opens the database for writing rolls the journal back into it.
     */
    static boolean journalBesideWal(Path file, SQLException e) {
        return e instanceof SQLiteException sqlite
                && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_READONLY_ROLLBACK
                && hasWal(file);
    }

    /** Returns whether there is a write-ahead log that counts; an empty one does where the database says that it has one. */
    private static boolean hasWal(Path file) {
        File wal = beside(file, "-wal");
        try {
            return wal.exists() && (wal.length() > 0 || says(LiveFile.start(file, HEADER)));
        } catch (IOException e) {
            return true;
        }
    }

    /** Returns whether a header says that whoever reads the database needs its write-ahead log. */
    private static boolean says(byte[] header) {
        return header.length == HEADER && header[HEADER - 1] == 2;
    }

    /** Returns SQLite's own words for what is wrong. */
    static String words(SQLException e) {
        String message = String.valueOf(e.getMessage());
        Matcher own = IN_BRACKETS.matcher(message);
        return own.matches() ? own.group(1) : message;
    }

    private static int primaryCode(SQLException e) {
        return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : e.getErrorCode() & 0xff;
    }
}
