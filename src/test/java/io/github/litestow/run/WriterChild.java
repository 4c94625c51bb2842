package io.github.litestow.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * An application that never stops committing: prints {@code ack N} when the commit of row N has
 * returned, and only then. Never creates a database; what fails is tried again with the next number.
 * Told {@code hold} it keeps its connection open, told {@code reopen} it opens one for each row;
 * anything else is echoed once all that was acknowledged before has been printed.
 */
final class WriterChild {
    private static final int LONGEST_PAUSE_MILLIS = 300;

    private final String file;
    private final Random random;
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private Connection connection;
    private boolean hold;
    private long next = 1_000_000;

    private WriterChild(String file, long seed) {
        this.file = file;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) {
        WriterChild writer = new WriterChild(arguments[0], Long.parseLong(arguments[1]));
        Thread reader = new Thread(writer::read);
        reader.setDaemon(true);
        reader.start();
        writer.write();
    }

    private void read() {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
            }
        } catch (IOException e) {
            System.err.println(e);
        }
        commands.add("end");
    }

    private void write() {
        while (true) {
            for (String command = commands.poll(); command != null; command = commands.poll()) {
                switch (command) {
                    case "end" -> {
                        return;
                    }
                    case "hold" -> hold = true;
                    case "reopen" -> hold = false;
                    default -> System.out.println(command);
                }
            }
            long id = next++;
            try {
                commit(id);
                System.out.println("ack " + id);
            } catch (SQLException e) {
                close();
            }
            if (!hold) {
                close();
            }
            pause();
        }
    }

    private void commit(long id) throws SQLException {
        if (connection == null) {
            SQLiteConfig config = new SQLiteConfig();
            config.resetOpenMode(SQLiteOpenMode.CREATE);
            config.setBusyTimeout(2_000);
            connection = config.createConnection("jdbc:sqlite:" + file);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t (id, note) VALUES (?, hex(randomblob(100)))")) {
            insert.setLong(1, id);
            insert.executeUpdate();
        }
    }

    private void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            System.err.println("close: " + e.getMessage());
        }
        connection = null;
    }

    /** Mostly bursts, now and then long enough for a run to get its seal. */
    private void pause() {
        int millis = random.nextInt(5) == 0 ? random.nextInt(LONGEST_PAUSE_MILLIS) : random.nextInt(10);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
