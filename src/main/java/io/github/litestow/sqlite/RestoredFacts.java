package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * What can be said of a restored file without its application. Immutable.
 *
 * @param pages how many pages it has
 * @param pageSize their size, in bytes
 * @param bytes its size
 * @param tables rows per table; empty where counting was not cheap or not possible
 * @param sqlite the version of SQLite that looked
 */
public record RestoredFacts(long pages, int pageSize, long bytes, Map<String, Long> tables, String sqlite) {
    /** Counting rows reads the whole file once more. */
    private static final long CHEAP = 32L << 20;

    private static final int MOST_TABLES = 200;

    /**
     * Reads a file that nobody writes to, and leaves it and its folder as they are.
     *
     * @param limit when it must end
     * @throws Failure when {@code limit} says so
     */
    public static RestoredFacts of(Path file, WorkLimit limit) throws IOException, Failure {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            PageScan scan = PageScan.of(channel);
            Counted counted = counted(file, channel.size() <= CHEAP, limit);
            return new RestoredFacts(scan.pages(), scan.pageSize(), channel.size(), counted.tables(), counted.sqlite());
        }
    }

    private record Counted(Map<String, Long> tables, String sqlite) {}

    private static Counted counted(Path file, boolean rows, WorkLimit limit) throws Failure {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        Map<String, Long> tables = new TreeMap<>();
        String version = "";
        // Immutable: SQLite takes no lock, makes no side file, and looks for none.
        try (Connection connection =
                config.createConnection("jdbc:sqlite:" + file.toUri().toASCIIString() + "?immutable=1")) {
            version = Connections.value(connection, "SELECT sqlite_version()");
            for (String table : rows ? tables(connection) : List.<String>of()) {
                limit.check();
                tables.put(
                        table,
                        Long.valueOf(Connections.value(
                                connection, "SELECT count(*) FROM \"" + table.replace("\"", "\"\"") + "\"", limit)));
            }
            return new Counted(tables, version);
        } catch (SQLException notWithoutItsApplication) {
            // A virtual table or a collation that only its application has: then no rows are told.
            return new Counted(Map.of(), version);
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table' AND"
                        + " rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE"
                        + " '\\_litestream\\_%' ESCAPE '\\' ORDER BY name")) {
            while (names.next()) {
                tables.add(names.getString(1));
            }
        }
        return tables.size() > MOST_TABLES ? List.of() : List.copyOf(tables);
    }
}
