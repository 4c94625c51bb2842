package io.github.litestow.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;

/** The pages that one table's rows are in, as SQLite's own {@code dbstat} says. */
final class TablePages {
    private final BitSet pages = new BitSet();
    private final BitSet leaves = new BitSet();
    private final BitSet touched = new BitSet();
    private final BitSet changed;
    private int root;
    private long rows;
    private boolean doubtful;

    private TablePages(BitSet changed) {
        this.changed = changed;
    }

    /**
     * Asks.
     *
     * @param state {@code main} or {@code other}
     * @param changed the numbers of the pages that differ between the states
     */
    static TablePages of(Connection connection, String state, String table, BitSet changed) throws SQLException {
        TablePages all = new TablePages(changed);
        try (PreparedStatement statement = connection.prepareStatement("SELECT path, pageno, pagetype, ncell,"
                + " (SELECT wr FROM pragma_table_list WHERE schema = ?1 AND name = ?2)"
                + " FROM dbstat WHERE schema = ?1 AND name = ?2")) {
            statement.setString(1, state);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                String leafPath = "";
                int leaf = 0;
                while (rows.next()) {
                    String path = rows.getString(1);
                    int page = rows.getInt(2);
                    String type = rows.getString(3);
                    all.add(page, path);
                    if (type.equals("leaf")) {
                        leafPath = path;
                        leaf = page;
                        all.leaves.set(page);
                    } else if (type.equals("overflow")) {
                        // A row that continues there: its page comes right before.
                        boolean ofLeaf =
                                path.substring(0, path.lastIndexOf('/') + 1).equals(leafPath);
                        all.doubtful |= !ofLeaf;
                        if (changed.get(page)) {
                            all.touched.set(leaf);
                        }
                    } else {
                        all.doubtful |= !type.equals("internal");
                    }
                    // Where there is no rowid, rows are in the inner pages, too.
                    boolean holdsRows = type.equals("leaf") || rows.getBoolean(5);
                    all.rows += holdsRows ? rows.getLong(4) : 0;
                }
            }
        }
        return all;
    }

    private void add(int page, String path) {
        pages.set(page);
        if (path.equals("/")) {
            root = page;
        }
    }

    /** Returns whether every page is the same in both states. */
    boolean untouched() {
        return !pages.isEmpty() && !pages.intersects(changed);
    }

    /** Returns where it begins. */
    int root() {
        return root;
    }

    /** Returns how many rows there are. */
    long rows() {
        return rows;
    }

    /** Returns whether it is built in a way that is not understood here. */
    boolean doubtful() {
        return doubtful || root == 0;
    }

    /** Returns the leaves that are the same in both files, with all that their rows continue in. */
    BitSet leavesAsTheyWere() {
        BitSet same = (BitSet) leaves.clone();
        same.andNot(changed);
        same.andNot(touched);
        return same;
    }

    /** Returns the other leaves. */
    BitSet leavesWithout(BitSet some) {
        BitSet others = (BitSet) leaves.clone();
        others.andNot(some);
        return others;
    }
}
