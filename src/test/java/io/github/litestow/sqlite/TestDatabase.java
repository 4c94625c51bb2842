package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.TestConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A database in a folder of a test, with settings that name it. What is executed here is done in
 * this process and closed again: never while a seal is held.
 */
public final class TestDatabase {
    public static final String NAME = "db.sqlite";

    private final Path file;

    private TestDatabase(Path file) {
        this.file = file;
    }

    /** A database that does not exist yet. */
    public static TestDatabase in(Path folder) {
        return new TestDatabase(folder.resolve(NAME));
    }

    /** Any database file. */
    public static TestDatabase at(Path file) {
        return new TestDatabase(file);
    }

    /** Makes the table {@code t} with {@code rows} rows, numbered from 1. */
    public TestDatabase withRows(String journalMode, int rows) {
        execute(
                "PRAGMA journal_mode=" + journalMode,
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows + ")"
                        + " INSERT INTO t SELECT i, hex(randomblob(50)) FROM n");
        return this;
    }

    /** Adds a row and returns its number. */
    public long addRow() {
        execute("INSERT INTO t (note) VALUES ('added')");
        return Long.parseLong(value("SELECT max(id) FROM t"));
    }

    public void execute(String... statements) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the first column of every row, with commas between. */
    public String value(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            StringBuilder values = new StringBuilder();
            while (rows.next()) {
                values.append(values.isEmpty() ? "" : ",").append(rows.getString(1));
            }
            return values.toString();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the whole content of {@code t}, to compare with. */
    public String content() {
        return value("SELECT id || ':' || note FROM t ORDER BY id");
    }

    public long rows() {
        return Long.parseLong(value("SELECT count(*) FROM t"));
    }

    public Path file() {
        return file;
    }

    public boolean exists() {
        return Files.exists(file);
    }

    /** Returns the names in the database's folder, in order. */
    public List<String> neighbours() {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the main file. */
    public Path copyTo(Path target) {
        try {
            return Files.copy(file, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns settings with the defaults of the product and a {@code file://} replica. */
    public ConfiguredDatabase settings(Path replica) {
        ConfiguredDatabase settings = TestConfig.defaults("default", file, replica);
        settings = TestConfig.with(settings, "snapshot.cron", Optional.empty());
        settings = TestConfig.with(settings, "snapshot.timeout", Duration.ofMinutes(1));
        settings = TestConfig.with(settings, "snapshot.sealTimeout", Duration.ofMillis(500));
        // Shorter than any rule lets through.
        return TestConfig.with(settings, "leaseTime", Duration.ofSeconds(2));
    }

    /** Returns settings whose replica nothing will use. */
    public ConfiguredDatabase settings() {
        return settings(file.resolveSibling("no-replica"));
    }
}
