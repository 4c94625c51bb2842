package io.github.litestow.sqlite;

import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.DatabaseDiff.RowChange;
import io.github.litestow.sqlite.DatabaseDiff.RowDiff;
import io.github.litestow.sqlite.DatabaseDiff.SchemaChange;
import io.github.litestow.sqlite.DatabaseDiff.TableDiff;
import io.github.litestow.sqlite.DatabaseDiff.ValueChange;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares two files of a database that nobody else uses, by SQLite itself: the first is {@code main}, the
 * second {@code other} there. Rows are told apart by the primary key, or by the rowid where there is none.
 * Confined to one thread.
 */
public final class DatabaseComparison {
    /** More than a person reads; the counts are of all. */
    private static final int MAX_ROWS = 1_000;

    private static final String OURS =
            "name NOT LIKE '\\_litestream%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

    private final Connection connection;
    private final Map<String, TableColumns> before;
    private final Map<String, TableColumns> after;
    private final Narrowing narrowing;

    private DatabaseComparison(Connection connection, Narrowing narrowing) throws SQLException {
        this.connection = connection;
        this.narrowing = narrowing;
        this.before = TableColumns.of(connection, "main", OURS);
        this.after = TableColumns.of(connection, "other", OURS);
    }

    /**
     * Compares.
     *
     * @param first a file that nobody else uses
     * @param second another one
     * @param rowsOf the table whose changed rows are wanted, too
     * @param limit ends it
     * @throws Failure {@code REFUSED} when there is no such table; {@code TIMEOUT} or {@code BUSY} when {@code
     *     limit} ended it
     */
    public static DatabaseDiff of(Path first, Path second, Optional<String> rowsOf, WorkLimit limit) throws Failure {
        return of(first, second, rowsOf, limit, true);
    }

    /** As above; where {@code quick} is false, every row is read, also those in pages that are the same. */
    static DatabaseDiff of(Path first, Path second, Optional<String> rowsOf, WorkLimit limit, boolean quick)
            throws Failure {
        try (Connection connection = Connections.readOnly(first, Duration.ZERO)) {
            try (Statement attach = connection.createStatement()) {
                attach.execute("ATTACH '" + second.toString().replace("'", "''") + "' AS other");
            }
            try (Held watched = Connections.watch(connection, limit)) {
                Narrowing narrowing = quick ? Narrowing.of(connection, first, second, limit) : Narrowing.NONE;
                return new DatabaseComparison(connection, narrowing).diff(rowsOf);
            }
        } catch (SQLException e) {
            if (Connections.interrupted(e)) {
                limit.check();
            }
            throw DatabaseCheck.classify(first, e);
        }
    }

    private DatabaseDiff diff(Optional<String> rowsOf) throws SQLException, Failure {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        if (rowsOf.isPresent() && !names.contains(rowsOf.get())) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "neither state has a table '" + rowsOf.get() + "'",
                    "Tables: " + String.join(", ", names));
        }
        List<TableDiff> tables = new ArrayList<>();
        for (String name : names) {
            tables.add(table(name));
        }
        Optional<RowDiff> rows = rowsOf.isPresent() ? Optional.of(rows(rowsOf.get())) : Optional.empty();
        return new DatabaseDiff(schema(), tables, rows);
    }

    private List<SchemaChange> schema() throws SQLException {
        List<SchemaChange> changes = new ArrayList<>();
        String one = "SELECT type, name, sql FROM main.sqlite_master WHERE " + OURS;
        String two = "SELECT type, name, sql FROM other.sqlite_master WHERE " + OURS;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT a.type, a.name, a.sql, b.sql, b.name FROM ("
                        + one + ") a LEFT JOIN (" + two
                        + ") b USING (type, name) WHERE b.name IS NULL OR a.sql IS NOT b.sql UNION ALL"
                        + " SELECT b.type, b.name, NULL, b.sql, b.name FROM (" + two
                        + ") b LEFT JOIN (" + one
                        + ") a USING (type, name) WHERE a.name IS NULL ORDER BY 1, 2")) {
            while (rows.next()) {
                changes.add(new SchemaChange(
                        rows.getString(1),
                        rows.getString(2),
                        Optional.ofNullable(rows.getString(3)),
                        Optional.ofNullable(rows.getString(4))));
            }
        }
        return changes;
    }

    private TableDiff table(String name) throws SQLException, Failure {
        TableColumns one = before.get(name);
        TableColumns other = after.get(name);
        if (one == null || other == null) {
            long had = one == null ? 0 : count("main", name);
            long has = other == null ? 0 : count("other", name);
            return new TableDiff(name, had, has, has, had, 0, Optional.empty());
        }
        Optional<Narrowing.Rows> rows = narrowing.of(name, one, other);
        long had = rows.isPresent() ? rows.get().before() : count("main", name);
        long has = rows.isPresent() ? rows.get().after() : count("other", name);
        if (rows.isPresent() && rows.get().same()) {
            return new TableDiff(name, had, has, 0, 0, 0, Optional.empty());
        }
        if (!one.key().equals(other.key())) {
            return new TableDiff(
                    name, had, has, 0, 0, 0, Optional.of("its key is another one; rows were only counted"));
        }
        TableSides sides = new TableSides(name, one, other, rows);
        return new TableDiff(
                name,
                had,
                has,
                number("SELECT count(*) " + sides.only("other", "main")),
                number("SELECT count(*) " + sides.only("main", "other")),
                sides.common().isEmpty() ? 0 : number("SELECT count(*) " + sides.changed()),
                one.names().equals(other.names())
                        ? Optional.empty()
                        : Optional.of("its columns differ; those in both were compared"));
    }

    private RowDiff rows(String name) throws SQLException, Failure {
        TableColumns one = before.getOrDefault(name, after.get(name));
        TableColumns other = after.getOrDefault(name, one);
        List<RowChange> changes = new ArrayList<>();
        if (!before.containsKey(name)) {
            listed(changes, "added", one, "SELECT " + quoted("x", one) + " FROM other." + id(name) + " x");
        } else if (!after.containsKey(name)) {
            listed(changes, "removed", one, "SELECT " + quoted("x", one) + " FROM main." + id(name) + " x");
        } else if (one.key().equals(other.key())) {
            Optional<Narrowing.Rows> rows = narrowing.of(name, one, other);
            if (rows.isPresent() && rows.get().same()) {
                return new RowDiff(name, one.key(), List.of(), true);
            }
            TableSides sides = new TableSides(name, one, other, rows);
            listed(changes, "removed", one, "SELECT " + quoted("x", one) + " " + sides.only("main", "other"));
            listed(changes, "added", other, "SELECT " + quoted("x", other) + " " + sides.only("other", "main"));
            if (!sides.common().isEmpty()) {
                changed(changes, one, sides);
            }
        }
        boolean complete = changes.size() <= MAX_ROWS;
        return new RowDiff(name, one.key(), complete ? changes : changes.subList(0, MAX_ROWS), complete);
    }

    private void listed(List<RowChange> to, String change, TableColumns columns, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql + " LIMIT " + (MAX_ROWS + 1))) {
            int keys = columns.key().size();
            while (rows.next()) {
                List<ValueChange> values = new ArrayList<>();
                for (int i = 0; i < columns.names().size(); i++) {
                    Optional<String> value = Optional.ofNullable(rows.getString(keys + i + 1));
                    boolean came = change.equals("added");
                    values.add(new ValueChange(
                            columns.names().get(i), came ? Optional.empty() : value, came ? value : Optional.empty()));
                }
                to.add(new RowChange(change, key(rows, keys), values));
            }
        }
    }

    private void changed(List<RowChange> to, TableColumns columns, TableSides sides) throws SQLException {
        int keys = columns.key().size();
        String values = sides.common().stream()
                .map(name -> "quote(m." + id(name) + "), quote(x." + id(name) + ")")
                .collect(Collectors.joining(", "));
        String key =
                columns.key().stream().map(name -> "quote(m." + id(name) + ")").collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + key + ", " + values + " " + sides.changed() + " LIMIT " + (MAX_ROWS + 1))) {
            while (rows.next()) {
                List<ValueChange> differ = new ArrayList<>();
                for (int i = 0; i < sides.common().size(); i++) {
                    String was = rows.getString(keys + 2 * i + 1);
                    String is = rows.getString(keys + 2 * i + 2);
                    if (!String.valueOf(was).equals(is)) {
                        differ.add(new ValueChange(sides.common().get(i), Optional.of(was), Optional.of(is)));
                    }
                }
                to.add(new RowChange("changed", key(rows, keys), differ));
            }
        }
    }

    private static List<String> key(ResultSet rows, int keys) throws SQLException {
        List<String> key = new ArrayList<>();
        for (int i = 1; i <= keys; i++) {
            key.add(rows.getString(i));
        }
        return key;
    }

    private static String quoted(String alias, TableColumns columns) {
        List<String> all = new ArrayList<>(columns.key());
        all.addAll(columns.names());
        return all.stream().map(name -> "quote(" + alias + "." + id(name) + ")").collect(Collectors.joining(", "));
    }

    private long count(String state, String table) throws SQLException {
        return number("SELECT count(*) FROM " + state + "." + id(table));
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(Connections.value(connection, sql));
    }

    static String id(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
