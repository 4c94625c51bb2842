package io.github.litestow.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;

/**
 * Another user of a database, as a process: POSIX locks are the process's, so nobody in the test's
 * own would do. Reads a command per line, answers each with a line {@code ok …} or {@code error …};
 * says {@code waiting} when SQLite first asks whether to wait for a lock. See {@link OtherProcess}.
 */
final class SqlChild {
    private final List<FileChannel> locked = new ArrayList<>();
    private Connection connection;
    private boolean patient = true;

    private SqlChild() {}

    public static void main(String[] arguments) throws IOException {
        SqlChild child = new SqlChild();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String answer;
            try {
                answer = "ok " + child.answer(line);
            } catch (SQLException e) {
                answer = "error " + e.getMessage();
            }
            System.out.println(answer.replace('\n', ' '));
        }
    }

    private String answer(String line) throws SQLException, IOException {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case "patient" -> patient = true;
            case "impatient" -> patient = false;
            case "open" -> open(words[1]);
            case "close" -> connection.close();
            case "lock" -> lock(Path.of(words[1]));
            case "sql" -> {
                return sql(words[1]);
            }
            default -> throw new SQLException("no such command: " + line);
        }
        return "";
    }

    /** Opens without the flag that creates a file, and without reading anything. */
    private void open(String file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        connection = DriverManager.getConnection("jdbc:sqlite:" + file, config.toProperties());
        BusyHandler.setHandler(connection, new BusyHandler() {
            @Override
            protected int callback(int earlier) {
                if (!patient) {
                    return 0;
                }
                if (earlier == 0) {
                    System.out.println("waiting");
                }
                Thread.onSpinWait();
                return 1;
            }
        });
    }

    private String sql(String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(text)) {
                return "";
            }
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return String.join(",", values);
        }
    }

    private void lock(Path file) throws IOException, SQLException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            throw new SQLException("locked by another");
        }
        locked.add(channel);
    }
}
