package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
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
 * @param sha256 in hexadecimal digits
 * @param tables rows per table; empty where counting was not cheap or not possible
 * @param sqlite the version of SQLite that looked
 */
public record RestoredFacts(
        long pages, int pageSize, long bytes, String sha256, Map<String, Long> tables, String sqlite) {
    /** Counting rows reads the whole file once more. */
    private static final long CHEAP = 32L << 20;

    private static final int MOST_TABLES = 200;
    private static final int BUFFER = 1 << 20;
    private static final int HEADER = 100;
    private static final int LARGEST_PAGE = 65_536;

    /**
     * Reads a file that nobody writes to, and leaves it and its folder as they are.
     *
     * @param limit asked between blocks
     * @throws Failure when {@code limit} says so
     */
    public static RestoredFacts of(Path file, WorkLimit limit) throws IOException, Failure {
        long bytes = 0;
        int pageSize = 0;
        MessageDigest sha256 = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.readNBytes(buffer, 0, BUFFER); read > 0; read = in.readNBytes(buffer, 0, BUFFER)) {
                limit.check();
                if (bytes == 0 && read >= HEADER) {
                    int field = ((buffer[16] & 0xff) << 8) | (buffer[17] & 0xff);
                    pageSize = field == 1 ? LARGEST_PAGE : field;
                }
                sha256.update(buffer, 0, read);
                bytes += read;
            }
        }
        Counted counted = counted(file, bytes <= CHEAP, limit);
        return new RestoredFacts(
                pageSize == 0 ? 0 : bytes / pageSize,
                pageSize,
                bytes,
                HexFormat.of().formatHex(sha256.digest()),
                counted.tables(),
                counted.sqlite());
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

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
