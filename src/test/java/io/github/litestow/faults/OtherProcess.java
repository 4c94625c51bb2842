package io.github.litestow.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An application beside Litestow, in a process of its own: opens, reads, writes and locks as told,
 * and knows which rows it was told are committed.
 */
final class OtherProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;
    private static final String END = "end of output";

    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Set<Integer> acknowledged = new TreeSet<>();
    private int looping = -1;
    private int tried = -1;

    OtherProcess() throws IOException {
        process = new ProcessBuilder("python3", "-u", "-c", script())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(out), "other process");
        reader.setDaemon(true);
        reader.start();
    }

    /** Makes a database with rows, all of them acknowledged. */
    void make(Path database, String journalMode, int first, int count) throws IOException {
        require(ask("make", database.toString(), journalMode, first, count));
        for (int i = first; i < first + count; i++) {
            acknowledged.add(i);
        }
    }

    /** Opens the connection that the other calls use, and reads once through it. */
    void open(Path database, double busySeconds, String journalMode) throws IOException {
        require(ask("open", database.toString(), "rw", busySeconds, journalMode));
    }

    /** Executes a statement on the open connection; returns whether that went well. */
    boolean sql(String statement) throws IOException {
        return ask("sql", statement).startsWith("ok");
    }

    /** Writes a row on the open connection without waiting for the end of it. */
    void tryToWrite(int row) throws IOException {
        send("write", row);
        if (!answer().equals("trying")) {
            throw new IllegalStateException("the other process does not write");
        }
        tried = row;
    }

    /** Returns whether the row of {@link #tryToWrite} was acknowledged. */
    boolean acknowledged() throws IOException {
        boolean done = answer().equals("ok");
        if (done) {
            acknowledged.add(tried);
        }
        return done;
    }

    /** Opens, writes a row, closes; {@code mode} is {@code rw}, or {@code rwc} to make what is missing. */
    boolean once(Path database, String mode, int row) throws IOException {
        return once(database, mode, row, 5);
    }

    /** As above, waiting this long for locks. */
    boolean once(Path database, String mode, int row, double busySeconds) throws IOException {
        boolean done = ask("once", database.toString(), mode, row, busySeconds).equals("ok");
        if (done) {
            acknowledged.add(row);
        }
        return done;
    }

    void close(String why) throws IOException {
        if (!ask("close").equals("ok")) {
            throw new IllegalStateException("the other process cannot close: " + why);
        }
    }

    /** Writes rows from {@code first} on until {@link #stop}. */
    void loop(Path database, int first, String style, String journalMode, long seed) throws IOException {
        looping = first;
        send("loop", database.toString(), first, style, journalMode, seed);
    }

    /** Waits for the next row of the loop. */
    void awaitRow() throws IOException {
        acknowledge(answer());
    }

    /** Ends the loop and returns the last row's number. */
    int stop() throws IOException {
        send("stop");
        for (String line = answer(); !line.equals("stopped"); line = answer()) {
            acknowledge(line);
        }
        return looping;
    }

    private void acknowledge(String line) {
        if (line.startsWith("ack ")) {
            looping = Integer.parseInt(line.substring(4));
            acknowledged.add(looping);
        } else {
            throw new IllegalStateException("the writer says: " + line);
        }
    }

    /** Returns which rows a database shows; none when it cannot be read as one. */
    Set<Integer> rows(Path database) throws IOException {
        Set<Integer> rows = new TreeSet<>();
        String answer = Files.exists(database) ? ask("rows", database.toString()) : "error";
        if (answer.startsWith("ok ") && answer.length() > 3) {
            for (String row : answer.substring(3).split(",", -1)) {
                rows.add(Integer.valueOf(row));
            }
        }
        return rows;
    }

    /** Returns every row this process was told is committed. */
    Set<Integer> acknowledgedRows() {
        return acknowledged;
    }

    /** Returns whether it waits in the kernel, as one does in SQLite's busy handler. */
    boolean sleeps() {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).startsWith("S");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String ask(Object... call) throws IOException {
        send(call);
        return answer();
    }

    private void send(Object... call) throws IOException {
        try {
            in.write(JSON.writeValueAsString(List.of(call)) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        in.flush();
    }

    private String answer() throws IOException {
        try {
            String line = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new IOException("the other process does not answer");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void read(BufferedReader out) {
        try (out) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add("error " + e);
        }
        answers.add(END);
    }

    private static void require(String answer) {
        if (!answer.equals("ok")) {
            throw new IllegalStateException("the other process answers: " + answer);
        }
    }

    private static String script() throws IOException {
        try (InputStream script = OtherProcess.class.getResourceAsStream("other_process.py")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
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
