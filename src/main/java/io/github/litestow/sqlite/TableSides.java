package io.github.litestow.sqlite;

import static io.github.litestow.sqlite.DatabaseComparison.id;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The same table in both states, as a comparison asks for its rows.
 *
 * @param rows which rows can differ; empty means any
 */
record TableSides(String table, TableColumns one, TableColumns two, Optional<Narrowing.Rows> rows) {

    /** Returns the columns of both that are no part of the key. */
    List<String> common() {
        return one.names().stream()
                .filter(name -> two.names().contains(name) && !one.key().contains(name))
                .toList();
    }

    /** Returns the rows {@code x} that are in one state and not in the other. */
    String only(String there, String notThere) {
        return "FROM " + in(there, "x") + " WHERE NOT EXISTS (SELECT 1 FROM " + notThere + "." + id(table) + " m WHERE "
                + sameKey() + ")";
    }

    /** Returns the rows {@code m} and {@code x} with one key and other values. */
    String changed() {
        return "FROM " + in("main", "m") + " JOIN other." + id(table) + " x ON " + sameKey() + " WHERE ("
                + common().stream()
                        .map(name -> "m." + id(name) + " IS NOT x." + id(name) + " COLLATE BINARY OR typeof(m."
                                + id(name) + ") <> typeof(x." + id(name) + ")")
                        .collect(Collectors.joining(" OR "))
                + ")";
    }

    /** The ranges ascend, and so do the rows, as they do when all are read. */
    private String in(String state, String name) {
        String all = state + "." + id(table) + " " + name;
        if (rows.isEmpty()) {
            return all;
        }
        String rowid = name + "." + id(one.rowid().orElseThrow());
        return "(VALUES "
                + rows.get().ranges().stream()
                        .map(range -> "(" + range.first() + "," + range.last() + ")")
                        .collect(Collectors.joining(","))
                + ") r CROSS JOIN " + all + " ON " + rowid + " BETWEEN r.column1 AND r.column2";
    }

    private String sameKey() {
        return one.key().stream()
                .map(name -> "m." + id(name) + " IS x." + id(name))
                .collect(Collectors.joining(" AND "));
    }
}
