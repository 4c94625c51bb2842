package io.github.litestow.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Drives a {@link SqlChild}; closing it ends the process. */
public final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    /** Starts the process. */
    public OtherProcess() {
        process = java(SqlChild.class, List.of());
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a main class of the tests in a JVM that sees the test classes and the SQLite driver. */
    public static Process java(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                home(main) + System.getProperty("path.separator") + home(org.sqlite.JDBC.class),
                main.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens the database as an application does, waiting for locks for ever. */
    public OtherProcess open(Path file) {
        expect("open " + file);
        return this;
    }

    /** From now on a lock of somebody else is an error at once. */
    public OtherProcess impatient() {
        expect("impatient");
        return this;
    }

    /** Takes the lock of the operating system on a file. */
    public void lock(Path file) {
        expect("lock " + file);
    }

    /** Closes the connection. */
    public void closeConnection() {
        expect("close");
    }

    /** Executes a statement that must succeed; returns the first column of its rows. */
    public String sql(String text) {
        return expect("sql " + text);
    }

    /** Executes a statement; returns {@code ok …} or {@code error …}. */
    public String attempt(String text) {
        commands.println("sql " + text);
        return answer();
    }

    /** Begins to execute a statement, and returns when it waits for somebody's lock. */
    public void waitingFor(String text) {
        commands.println("sql " + text);
        String line = line();
        if (!line.equals("waiting")) {
            throw new AssertionError("was to wait for a lock: " + text + ": " + line);
        }
    }

    /** Returns the answer to what {@link #waitingFor} began. */
    public String answer() {
        String line = line();
        while (line.equals("waiting")) {
            line = line();
        }
        return line;
    }

    private String expect(String command) {
        commands.println(command);
        String answer = answer();
        if (!answer.startsWith("ok ")) {
            throw new AssertionError(command + ": " + answer);
        }
        return answer.substring(3);
    }

    private String line() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new AssertionError("the other process ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
