package io.github.litestow.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The database of an application: rows that can be counted. */
public final class Sample {

    private Sample() {}

    /** Makes a database with so many rows, or adds them to the one that is there. */
    public static void add(Path database, int rows) {
        try {
            Files.createDirectories(database.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, value TEXT NOT NULL)");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO item (value) VALUES (?)")) {
                for (int i = 0; i < rows; i++) {
                    insert.setString(1, "value ".repeat(1 + i % 7));
                    insert.executeUpdate();
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns how many rows a sound database holds; -1 when there is none, -2 when it is not sound. */
    public static int rows(Path database) {
        if (!Files.exists(database)) {
            return -1;
        }
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
                check.next();
                if (!check.getString(1).equals("ok")) {
                    return -2;
                }
            }
            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM item")) {
                count.next();
                return count.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(database + " cannot be read", e);
        }
    }

    /** Opens a database as an application does. */
    public static Connection connect(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }
}
