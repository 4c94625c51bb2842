package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
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
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks SQLite whether a database is sound, and what the engine left in it. There are three answers:
 * sound, damaged, and that it cannot be judged, because its schema needs a function, a collation, a
 * tokenizer or a module that only its application has. Such a database is as good as any other: what
 * can be checked of it is checked, and the comparison of pages says more than any check.
 */
public final class DatabaseCheck {
    /** Complaints about rows and schema, of which the pages know nothing: SQLite keeps them as they are. */
    private static final Pattern NO_DAMAGE = Pattern.compile("CHECK constraint failed in |unable to validate ");

    private static final String UNNAMED = "unknown tokenizer or module";

    private DatabaseCheck() {}

    /**
     * Runs {@code PRAGMA quick_check} on the live database.
     *
     * @param local what {@link LocalFile#look} said of it
     * @param busy how long to wait for a lock
     * @param limit when it must end
     * @return what keeps it from being checked in full, naming the object, in words for a person; empty
     *     when nothing does
     * @throws Failure {@code SOURCE_DAMAGED} when it is damaged, {@code BUSY} when it is locked, {@code
     *     TIMEOUT} when {@code limit} ended it
     */
    public static Optional<String> quick(ConfiguredDatabase database, LocalFile local, Duration busy, WorkLimit limit)
            throws Failure {
        Path file = database.database();
        // A read-only connection cannot roll back a hot journal, and knows no CHECK; a writable one would
        // checkpoint a WAL when it closes, unless it is not the last: the first here is closed after it.
        try (Connection last = local.wal() ? Connections.readOnly(file, busy) : null;
                Connection connection = opened(file, last, busy)) {
            return sealed(file, connection, limit);
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    /** As {@link #quick}, through a connection that nobody else can write beside. */
    static Optional<String> sealed(Path file, Connection connection, WorkLimit limit) throws Failure {
        try {
            Answer answer = checkAll(connection, "quick_check", limit);
            Optional<String> damage = answer.damage();
            if (damage.isEmpty()) {
                damage = LastPage.cut(file, connection, limit);
            }
            if (damage.isPresent()) {
                throw damaged(file, damage.get(), null);
            }
            return answer.notChecked();
        } catch (SQLException e) {
            throw unusable(file, e);
        }
    }

    private static Failure unusable(Path file, SQLException e) {
        return Connections.damaged(e) && Encryption.possible(file) ? perhapsEncrypted(file) : classify(file, e);
    }

    /** Returns the failure of a file that is no database that SQLite can read. */
    public static Failure notADatabase(Path file) {
        return Encryption.possible(file)
                ? perhapsEncrypted(file)
                : new Failure(
                        FailureKind.SOURCE_DAMAGED,
                        file + " is not an SQLite database",
                        "Nothing was uploaded and the replica is as it was. `restore --replace` goes back to its newest"
                                + " restore point, where it has one.");
    }

    private static Failure perhapsEncrypted(Path file) {
        return new Failure(
                FailureKind.SOURCE_DAMAGED,
                file + " is not a database that SQLite can read; it may be an encrypted one (SQLCipher, SEE)",
                Encryption.HINT);
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

    private static Connection opened(Path file, Connection last, Duration busy) throws SQLException {
        if (last != null) {
            Connections.value(last, "SELECT count(*) FROM sqlite_master");
        }
        return Connections.writable(file, busy);
    }

    /**
     * Checks a database in full, or as much of it as can be checked without its application.
     *
     * @param pragma {@code quick_check} or {@code integrity_check}
     */
    static Answer checkAll(Connection connection, String pragma, WorkLimit limit) throws SQLException, Failure {
        // First, so that what is wrong with the file as such is not taken for what its schema lacks.
        Connections.value(connection, "SELECT count(*) FROM sqlite_master");
        Optional<String> lacking = lacking(connection);
        if (lacking.isEmpty()) {
            Answer whole = check(connection, "PRAGMA " + pragma + "(1)", limit);
            if (whole.notChecked().isEmpty()) {
                return whole;
            }
            lacking = whole.notChecked();
        }
        return byTable(connection, lacking, limit);
    }

    /** Checks table by table what can be checked, without what only the application can say of its rows. */
    private static Answer byTable(Connection connection, Optional<String> lacking, WorkLimit limit)
            throws SQLException, Failure {
        Connections.execute(connection, "PRAGMA ignore_check_constraints=ON");
        Optional<String> named = lacking.filter(words -> !words.equals(UNNAMED));
        for (String table : tables(connection)) {
            Answer answer = check(connection, "PRAGMA quick_check(" + quoted(table) + ")", limit);
            if (answer.damage().isPresent()) {
                return answer;
            }
            if (named.isEmpty() && answer.notChecked().isPresent()) {
                named = Optional.of(
                        "table " + table + ": " + answer.notChecked().get());
            }
        }
        return new Answer(Optional.empty(), named.or(() -> lacking));
    }

    private static Answer check(Connection connection, String sql, WorkLimit limit) throws SQLException, Failure {
        try {
            Optional<String> complaint =
                    Optional.of(Connections.value(connection, sql, limit)).filter(words -> !words.equals("ok"));
            boolean damage = complaint
                    .filter(words -> !NO_DAMAGE.matcher(words).lookingAt())
                    .isPresent();
            return damage ? new Answer(complaint, Optional.empty()) : new Answer(Optional.empty(), complaint);
        } catch (SQLException e) {
            if (!Connections.lacksSomething(e)) {
                throw e;
            }
            return new Answer(Optional.empty(), Optional.of(words(e)));
        }
    }

    /** Damaged, or not checked in full, or sound. */
    record Answer(Optional<String> damage, Optional<String> notChecked) {}

    /** Only compiles a full check, which is done in no time: that names what the schema lacks. */
    private static Optional<String> lacking(Connection connection) throws SQLException {
        Optional<String> whole = uncompiled(connection, "PRAGMA integrity_check");
        if (whole.isEmpty()) {
            return Optional.empty();
        }
        for (String table : tables(connection)) {
            Optional<String> words = uncompiled(connection, "PRAGMA integrity_check(" + quoted(table) + ")");
            if (words.isPresent()) {
                return Optional.of("table " + table + ": " + words.get());
            }
        }
        return whole;
    }

    private static Optional<String> uncompiled(Connection connection, String sql) throws SQLException {
        try {
            connection.prepareStatement(sql).close();
            return Optional.empty();
        } catch (SQLException e) {
            if (!Connections.lacksSomething(e)) {
                throw e;
            }
            return Optional.of(words(e));
        }
    }

    private static String words(SQLException e) {
        String own = Connections.words(e);
        return own.equals("SQL logic error") ? UNNAMED : own;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
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
        if (Connections.hotJournal(e)) {
            return new Failure(
                    FailureKind.REFUSED,
                    "beside " + file
                            + ", which uses a write-ahead log, lies a rollback journal: SQLite writes what is in"
                            + " it over the database as soon as anybody opens that",
                    "Nothing was uploaded. If the journal came there with a copy or from another database, move it away"
                            + " before anybody opens this one. If the application left it, open the database once with"
                            + " the application, which rolls it back.",
                    e);
        }
        return new Failure(
                FailureKind.DISK,
                "SQLite cannot use " + file + ": " + e.getMessage(),
                "Check free space, owner and mode of the file and its folder, and the disk.",
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
