package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Asks SQLite whether a database is sound, and what the engine left in it. */
public final class DatabaseCheck {

    private DatabaseCheck() {}

    /**
     * Runs {@code PRAGMA quick_check} on the live database.
     *
     * @param local what {@link LocalFile#look} said of it
     * @param busy how long to wait for a lock
     * @throws Failure {@code SOURCE_DAMAGED} when it is damaged, {@code BUSY} when it is locked
     */
    public static void quick(ConfiguredDatabase database, LocalFile local, Duration busy) throws Failure {
        Path file = database.database();
        // A read-only connection cannot roll back a hot journal, a writable one would checkpoint a
        // WAL when it closes: each is used where it changes nothing.
        try (Connection connection =
                local.wal() ? Connections.readOnly(file, busy) : Connections.writable(file, busy)) {
            String verdict = Connections.value(connection, "PRAGMA quick_check(1)");
            if (!verdict.equals("ok")) {
                throw damaged(file, verdict, null);
            }
        } catch (SQLException e) {
            throw classify(file, e);
        }
    }

    /**
     * Returns whether the engine has worked on this database: litestream 0.5 keeps a table {@code
     * _litestream_seq} in each database that it replicates.
     */
    public static boolean knowsEngine(Path file, Duration busy) throws Failure {
        try (Connection connection = Connections.readOnly(file, busy)) {
            return !Connections.value(
                            connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_litestream_seq'")
                    .isEmpty();
        } catch (SQLException e) {
            throw classify(file, e);
        }
    }

    /**
     * Returns whether a database has no table, apart from the engine's own: as an application leaves it
     * that opened it and changed a pragma, or was stopped before it made its schema.
     *
     * @param local what {@link LocalFile#look} said of it
     * @throws Failure {@code SOURCE_DAMAGED} when it is damaged, {@code BUSY} when it is locked
     */
    public static boolean withoutTables(ConfiguredDatabase database, LocalFile local, Duration busy) throws Failure {
        Path file = database.database();
        try (Connection connection =
                local.wal() ? Connections.readOnly(file, busy) : Connections.writable(file, busy)) {
            return withoutTables(connection);
        } catch (SQLException e) {
            throw classify(file, e);
        }
    }

    static boolean withoutTables(Connection connection) throws SQLException {
        return Connections.value(
                        connection,
                        "SELECT 1 FROM sqlite_master WHERE name NOT LIKE '\\_litestream%' ESCAPE '\\' LIMIT 1")
                .isEmpty();
    }

    static Failure classify(Path file, SQLException e) {
        if (Connections.damaged(e)) {
            return damaged(file, e.getMessage(), e);
        }
        if (Connections.busy(e)) {
            return new Failure(
                    FailureKind.BUSY,
                    file + " is locked: " + e.getMessage(),
                    "Another process holds a lock on the database; the next run tries again.",
                    e);
        }
        return new Failure(
                FailureKind.DISK,
                "SQLite cannot use " + file + ": " + e.getMessage(),
                "Check the owner and mode of the file and its folder, and the disk.",
                e);
    }

    private static Failure damaged(Path file, String verdict, Throwable cause) {
        return new Failure(
                FailureKind.SOURCE_DAMAGED,
                file + " is damaged: " + verdict.replaceAll("\\s+", " "),
                "Nothing was uploaded and the replica is as it was. Mend the file (sqlite3 .recover),"
                        + " or go back to the replica with `restore --replace`.",
                cause);
    }
}
