package io.github.litestow.application;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.sqlite.Collation;
import org.sqlite.Function;

/** Migrations after which a schema needs what only the application registers. */
public enum OwnSchema {
    EXPRESSION_INDEX("slug", "CREATE TABLE a (code TEXT)", "CREATE INDEX ai ON a (slug(code))"),
    PARTIAL_INDEX("slug", "CREATE TABLE a (code TEXT)", "CREATE INDEX ai ON a (code) WHERE slug(code) = 'abc'"),
    CHECK("slug", "CREATE TABLE a (code TEXT CHECK (slug(code) = code))"),
    GENERATED_COLUMN(
            "slug",
            "CREATE TABLE a (code TEXT, s TEXT GENERATED ALWAYS AS (slug(code)) VIRTUAL)",
            "CREATE INDEX ai ON a (s)"),
    INDEXED_COLLATION("own", "CREATE TABLE a (code TEXT COLLATE own)", "CREATE INDEX ai ON a (code)"),
    KEY_COLLATION("own", "CREATE TABLE a (code TEXT COLLATE own PRIMARY KEY) WITHOUT ROWID"),
    FTS5_TOKENIZER("ft", "CREATE TABLE a (code TEXT)", "CREATE VIRTUAL TABLE ft USING fts5(x)") {
        @Override
        void finish(Statement statement) throws SQLException {
            rewrite(statement, "CREATE VIRTUAL TABLE ft USING fts5(x, tokenize=''own'')");
        }
    },
    FTS4_TOKENIZER("own", "CREATE TABLE a (code TEXT)", "CREATE VIRTUAL TABLE ft USING fts4(x)") {
        @Override
        void finish(Statement statement) throws SQLException {
            rewrite(statement, "CREATE VIRTUAL TABLE ft USING fts4(x, tokenize=own)");
        }
    },
    BROKEN_CHECK("a", "CREATE TABLE a (code TEXT CHECK (code <> 'abc'))") {
        @Override
        void begin(Statement statement) throws SQLException {
            statement.execute("PRAGMA ignore_check_constraints=ON");
        }
    },
    MODULE("", "CREATE TABLE a (code TEXT)") {
        @Override
        void finish(Statement statement) throws SQLException {
            statement.execute("PRAGMA writable_schema=ON");
            statement.execute("INSERT INTO sqlite_master VALUES"
                    + " ('table', 'vt', 'vt', 0, 'CREATE VIRTUAL TABLE vt USING vec0(x)')");
        }
    },
    TRIGGER("", "CREATE TABLE a (code TEXT)", "CREATE TRIGGER tr AFTER INSERT ON a BEGIN SELECT slug(new.code); END"),
    VIEW("", "CREATE TABLE a (code TEXT)", "CREATE VIEW v AS SELECT slug(code) FROM a");

    private final String named;
    private final String statements;

    OwnSchema(String named, String... statements) {
        this.named = named;
        this.statements = String.join(";", statements);
    }

    /** Returns what a warning must name; empty when nothing of it keeps SQLite from checking. */
    public String named() {
        return named;
    }

    /** Migrates a database as its application does. */
    public void migrate(Path database) {
        try (Connection connection = Sample.connect(database);
                Statement statement = connection.createStatement()) {
            Function.create(connection, "slug", new Slug(), 1, Function.FLAG_DETERMINISTIC);
            Collation.create(connection, "own", new Own());
            begin(statement);
            statement.executeUpdate(statements);
            statement.execute("INSERT INTO a (code) VALUES ('abc'), ('xyz')");
            finish(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void begin(Statement statement) throws SQLException {
        statement.execute("SELECT 1");
    }

    void finish(Statement statement) throws SQLException {
        statement.execute("SELECT 1");
    }

    private static void rewrite(Statement statement, String sql) throws SQLException {
        statement.execute("INSERT INTO ft VALUES ('hello')");
        statement.execute("PRAGMA writable_schema=ON");
        statement.execute("UPDATE sqlite_master SET sql = '" + sql + "' WHERE name = 'ft'");
    }

    private static final class Slug extends Function {
        @Override
        protected void xFunc() throws SQLException {
            result(value_text(0).toLowerCase(Locale.ROOT));
        }
    }

    private static final class Own extends Collation {
        @Override
        protected int xCompare(String one, String other) {
            return one.compareTo(other);
        }
    }
}
