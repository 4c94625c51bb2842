package io.github.litestow.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The columns of a table.
 *
 * @param names all, in their order
 * @param key those of the primary key, or {@code rowid}
 * @param sql how the table is defined
 * @param rowid by which name its rowid goes; empty where it has none, or none for certain
 */
record TableColumns(List<String> names, List<String> key, String sql, Optional<String> rowid) {
    private static final String ROWID = "rowid";

    /** Returns those of each table that is one: virtual tables keep their rows in others. */
    static Map<String, TableColumns> of(Connection connection, String state, String which) throws SQLException {
        Map<String, TableColumns> all = new TreeMap<>();
        Map<String, Boolean> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, wr FROM pragma_table_list WHERE schema = '"
                        + state + "' AND type IN ('table', 'shadow') AND " + which)) {
            while (rows.next()) {
                tables.put(rows.getString(1), rows.getBoolean(2));
            }
        }
        for (Map.Entry<String, Boolean> table : tables.entrySet()) {
            all.put(table.getKey(), columns(connection, state, table.getKey(), table.getValue()));
        }
        return all;
    }

    private static TableColumns columns(Connection connection, String state, String table, boolean withoutRowid)
            throws SQLException {
        List<String> names = new ArrayList<>();
        Map<Integer, String> key = new TreeMap<>();
        String type = "";
        String literal = "'" + table.replace("'", "''") + "'";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, pk, type FROM pragma_table_info(" + literal
                        + ", '" + state + "') ORDER BY cid")) {
            while (rows.next()) {
                names.add(rows.getString(1));
                if (rows.getInt(2) > 0) {
                    key.put(rows.getInt(2), rows.getString(1));
                    type = rows.getString(3);
                }
            }
        }
        String sql = Connections.value(
                connection, "SELECT sql FROM " + state + ".sqlite_master WHERE type = 'table' AND name = " + literal);
        Optional<String> rowid = Optional.empty();
        // INTEGER PRIMARY KEY is the rowid, unless it is DESC in one of the two ways to say so.
        if (key.size() == 1
                && type.equalsIgnoreCase("INTEGER")
                && !sql.toUpperCase(Locale.ROOT).contains("DESC")) {
            rowid = Optional.of(key.values().iterator().next());
        } else if (key.isEmpty() && names.stream().noneMatch(ROWID::equalsIgnoreCase)) {
            rowid = Optional.of(ROWID);
        }
        return new TableColumns(
                names,
                key.isEmpty() ? List.of(ROWID) : List.copyOf(key.values()),
                sql,
                withoutRowid ? Optional.empty() : rowid);
    }
}
