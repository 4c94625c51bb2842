package io.github.litestow.sqlite;

import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** One statement on a database that it cannot change. */
public final class ReadOnlyQuery {
    private static final HexFormat HEX = HexFormat.of();

    private ReadOnlyQuery() {}

    /** Gets the answer, row by row. */
    public interface Rows {
        /** The names of the columns, before any row. */
        void columns(List<String> names);

        /** A row; a value is empty for NULL. */
        void row(List<Optional<String>> values);
    }

    /**
     * Runs it. Others may use the database; what is read is one state of it.
     *
     * @param busy how long to wait for a lock
     * @param limit ends it
     * @throws Failure {@code SETTINGS} when SQLite does not understand the statement, or it would change
     *     something; {@code TIMEOUT} or {@code BUSY} when {@code limit} ended it
     */
    public static void run(Path file, String sql, Duration busy, WorkLimit limit, Rows rows) throws Failure {
        try (Connection connection = Connections.readOnly(file, busy)) {
            Connections.execute(connection, "PRAGMA query_only=ON");
            try (Held watched = Connections.watch(connection, limit);
                    Statement statement = connection.createStatement()) {
                if (statement.execute(sql)) {
                    hand(statement, rows);
                }
            }
        } catch (SQLException e) {
            if (Connections.interrupted(e)) {
                limit.check();
            }
            if (Connections.busy(e) || Connections.damaged(e) || Connections.journalBesideWal(file, e)) {
                throw DatabaseCheck.classify(file, e);
            }
            throw new Failure(
                    FailureKind.SETTINGS,
                    "the query cannot be run: " + Connections.words(e),
                    "Write one statement that only reads. The tables: SELECT name FROM sqlite_master.",
                    e);
        }
    }

    private static void hand(Statement statement, Rows to) throws SQLException {
        try (ResultSet rows = statement.getResultSet()) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                names.add(rows.getMetaData().getColumnLabel(i));
            }
            to.columns(names);
            while (rows.next()) {
                List<Optional<String>> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    Object value = rows.getObject(i);
                    values.add(
                            value instanceof byte[] bytes
                                    ? Optional.of("x'" + HEX.formatHex(bytes) + "'")
                                    : Optional.ofNullable(value).map(String::valueOf));
                }
                to.row(values);
            }
        }
    }
}
