package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is passed over because its pages are the same never changes what a comparison says. */
class QuickDiffTest {
    private static final int TRIALS = 40;
    private static final List<String> TABLES = List.of("plain", "keyed", "named", "pairs", "wide", "odd");

    @TempDir
    Path temp;

    @Test
    void after_random_changes_a_quick_comparison_says_what_a_full_one_says() throws Exception {
        int narrowed = 0;
        for (long seed = 1; seed <= TRIALS; seed++) {
            Random random = new Random(seed);
            Path before = temp.resolve("before-" + seed + ".db");
            Path after = temp.resolve("after-" + seed + ".db");
            begin(Files.createFile(before), random);
            Files.copy(before, after);
            List<String> changes = changes(random);
            change(after, changes);
            narrowed += Narrowed.tables(before, after, limit());
            List<String> rows = new ArrayList<>(TABLES);
            for (String table : rows) {
                Optional<String> of = Optional.of(table).filter(there -> !changes.contains("DROP TABLE " + there));
                assertThat(DatabaseComparison.of(before, after, of, limit(), true))
                        .as("seed %d, rows of %s, after %s", seed, table, changes)
                        .isEqualTo(DatabaseComparison.of(before, after, of, limit(), false));
            }
            Files.delete(before);
            Files.delete(after);
        }
        // That it is quick must be tried as well: most tables of most trials.
        assertThat(narrowed).isGreaterThan(TRIALS * TABLES.size() / 3);
    }

    /** How often something could be passed over. */
    private static final class Narrowed {
        static int tables(Path before, Path after, WorkLimit limit) throws SQLException, Failure {
            int count = 0;
            try (Connection connection = Connections.readOnly(before, Duration.ZERO)) {
                Connections.execute(connection, "ATTACH '" + after + "' AS other");
                Narrowing narrowing = Narrowing.of(connection, before, after, limit);
                var one = TableColumns.of(connection, "main", "1");
                var other = TableColumns.of(connection, "other", "1");
                for (String table : TABLES) {
                    if (other.containsKey(table)
                            && narrowing
                                    .of(table, one.get(table), other.get(table))
                                    .isPresent()) {
                        count++;
                    }
                }
            }
            return count;
        }
    }

    private static WorkLimit limit() {
        return new WorkLimit(new Deadline(System::nanoTime, Duration.ofMinutes(5)), new Cancellation(), Duration.ZERO);
    }

    private static void begin(Path file, Random random) throws SQLException {
        List<String> sql = new ArrayList<>(List.of(
                "PRAGMA page_size = " + (512 << random.nextInt(4)),
                "PRAGMA auto_vacuum = " + random.nextInt(3),
                "PRAGMA encoding = '" + (random.nextInt(5) == 0 ? "UTF-16le" : "UTF-8") + "'",
                "CREATE TABLE plain (a, b)",
                "CREATE TABLE keyed (id INTEGER PRIMARY KEY, a, b TEXT)",
                "CREATE TABLE named (k TEXT PRIMARY KEY, a, b)",
                "CREATE TABLE pairs (k TEXT, n INTEGER, a, b, PRIMARY KEY (k, n)) WITHOUT ROWID",
                "CREATE TABLE wide (id INTEGER PRIMARY KEY AUTOINCREMENT, a BLOB, b)",
                "CREATE TABLE odd (rowid TEXT, a, b)",
                "CREATE INDEX by_a ON keyed (a)"));
        change(file, sql);
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= 60 + random.nextInt(300); i++) {
            int a = random.nextInt(1000);
            rows.add("INSERT INTO plain VALUES (" + a + ", 'text " + a + "')");
            rows.add("INSERT INTO keyed VALUES (" + (i * 10L - 700) + ", " + a + ", hex(zeroblob(" + a % 60 + ")))");
            rows.add("INSERT INTO named VALUES ('k" + i + "', " + a + ", 'b')");
            rows.add("INSERT INTO pairs VALUES ('k" + i % 9 + "', " + i + ", " + a + ", 'b')");
            rows.add("INSERT INTO wide VALUES (" + i + ", zeroblob(" + (i % 7 == 0 ? 5000 : 20) + "), " + a + ")");
            rows.add("INSERT INTO odd VALUES ('o" + i + "', " + a + ", 1)");
        }
        change(file, rows);
    }

    private static List<String> changes(Random random) {
        List<String> changes = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String table = TABLES.get(random.nextInt(TABLES.size()));
            int from = random.nextInt(1000);
            changes.add(
                    switch (random.nextInt(16)) {
                        case 0, 1, 2 -> "UPDATE " + table + " SET b = " + from + " WHERE a = " + from;
                        case 3 -> "UPDATE " + table + " SET b = b || 'x' WHERE a < " + from / 4;
                        case 4, 5 -> "DELETE FROM " + table + " WHERE a BETWEEN " + from + " AND " + (from + 40);
                        case 6 -> "DELETE FROM " + table;
                        case 7 -> "INSERT INTO keyed (a, b) SELECT " + from + ", 'new' FROM plain LIMIT 30";
                        case 8 -> "INSERT INTO plain (a, b) SELECT a, 'again' FROM plain WHERE a < " + from / 3;
                        case 9 -> "VACUUM";
                        case 10 -> "UPDATE wide SET a = randomblob(9000) WHERE id % 50 = 0";
                        case 11 -> "UPDATE OR IGNORE keyed SET id = id + 3 WHERE a < " + from / 8;
                        case 12 -> "CREATE INDEX IF NOT EXISTS more ON " + table + " (b)";
                        case 13 -> "ALTER TABLE " + table + " ADD COLUMN c" + i + " DEFAULT 7";
                        case 14 -> "PRAGMA incremental_vacuum";
                        default -> "REINDEX";
                    });
        }
        if (random.nextInt(8) == 0) {
            changes.add("DROP TABLE " + TABLES.get(random.nextInt(TABLES.size())));
        }
        if (random.nextInt(10) == 0) {
            changes.add("PRAGMA page_size = 8192");
            changes.add("VACUUM");
        }
        return changes;
    }

    private static void change(Path file, List<String> sql) throws SQLException {
        try (Connection connection = Connections.writable(file, Duration.ZERO)) {
            boolean many = sql.size() > 50;
            if (many) {
                Connections.execute(connection, "BEGIN");
            }
            for (String one : sql) {
                Connections.execute(connection, one);
            }
            if (many) {
                Connections.execute(connection, "COMMIT");
            }
        }
    }
}
