package io.github.litestow.application;

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
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * An application beside Litestow, in a process of its own, because SQLite's locks belong to a process:
 * opens, reads, writes and locks as told, and knows which rows it was told are committed. Its rows are
 * those of {@link io.github.litestow.sqlite.TestDatabase}. One thread at a time may use it; closing it
 * ends the process.
 */
public final class Application implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(50);
    private static final Duration SHORT_LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final String END = "end of output";

    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final NavigableMap<Integer, Instant> acknowledged = new TreeMap<>();
    private Duration lockTimeout = LOCK_TIMEOUT;
    private int loopStart;
    private int tried;

    /** What a loop does with its connection. */
    public enum Style {
        /** Keeps it. */
        HELD,
        /** Opens one for every few rows. */
        REOPENED,
        /** Opens one for each row, and has none in the pauses. */
        CLOSED
    }

    /** How long a loop waits between two rows. */
    public enum Pauses {
        /** Mostly not at all, now and then longer. */
        BURSTS,
        /** A fifth of them long enough for a run to get its seal. */
        BREAKS,
        /** A few milliseconds each time. */
        STEADY
    }

    /** Starts the process. */
    public Application() {
        try {
            process = new ProcessBuilder(Python.script(script()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        in = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        Thread reader = new Thread(() -> read(out), "application");
        reader.setDaemon(true);
        reader.start();
    }

    /** Makes a database with {@code count} rows from {@code first} on, or adds them; all are acknowledged. */
    public void make(Path database, String journalMode, int first, int count) {
        expect("make", database.toString(), journalMode, first, count);
        acknowledge(first, count);
    }

    /** Opens the connection that other calls use, as one that waits for locks; reads nothing yet. */
    public Application open(Path database) {
        return open(database, lockTimeout);
    }

    /** As above, waiting this long for locks. */
    public Application open(Path database, Duration wait) {
        expect("open", database.toString(), seconds(wait));
        return this;
    }

    /** As above, in this journal mode unless it is empty; reads once. */
    public Application openAndRead(Path database, Duration wait, String journalMode) {
        open(database, wait);
        if (!journalMode.isEmpty()) {
            sql("PRAGMA journal_mode=" + journalMode);
        }
        sql("SELECT count(*) FROM sqlite_master");
        return this;
    }

    /** Opens while somebody may have it locked: in this journal mode if that is to be had at once; reads nothing yet. */
    public void openUnderLock(Path database, Duration wait, String journalMode) {
        expect("open under lock", database.toString(), seconds(wait), journalMode);
    }

    /** From now on a lock of somebody else is an error at once. */
    public Application impatient() {
        lockTimeout = Duration.ZERO;
        expect("wait", seconds(lockTimeout));
        return this;
    }

    /** How a job puts another database in place. */
    public enum Replacing {
        /** By one rename. */
        RENAME,
        /** By one rename, as soon as the old one is gone. */
        WHEN_GONE,
        /** By two renames, one after the other. */
        TWICE,
        /** By a rename, and it begins to write at once, with a journal. */
        TRANSACTION,
        /** By copying into the file that is there. */
        COPY,
        /** Not at all: it gives the old one a second name. */
        LINK
    }

    /** Makes a database with {@code count} rows from {@code first} on, beside another; none of it is acknowledged yet. */
    public void build(Path database, int first, int count, String journalMode) {
        expect("build", database.toString(), first, count, journalMode);
    }

    /**
     * Puts the last of these databases in place as soon as the one there is marked as deleted. What it
     * says is {@link #answer}.
     */
    public void replacingDuringDeletion(Path database, List<Path> builds, Replacing how) {
        send(
                "replace during deletion",
                database.toString(),
                builds.stream().map(Path::toString).toList(),
                word(how).replace('_', ' '));
        if (!answer().equals("trying")) {
            throw new IllegalStateException("the application does not wait for the mark");
        }
    }

    /** Takes these rows for acknowledged: the database with them was put in place. */
    public void acknowledge(int first, int count) {
        Instant now = Instant.now();
        for (int row = first; row < first + count; row++) {
            acknowledged.put(row, now);
        }
    }

    /** Closes the connection. */
    public void closeConnection() {
        expect("close");
    }

    /** Executes a statement that must succeed; returns the first column of its rows, with commas between. */
    public String sql(String statement) {
        return expect("sql", statement);
    }

    /** Executes a statement; returns {@code ok …} or {@code error …}. */
    public String attempt(String statement) {
        return ask("sql", statement);
    }

    /** Begins to execute a statement, and returns when it waits for somebody's lock. */
    public void waitingFor(String statement) {
        begin("trying", statement);
    }

    /** Begins to write a row on the open connection, and returns when it waits for somebody's lock, or has done it. */
    public void waitingToWrite(int row) {
        begin("insert", row);
        tried = row;
    }

    private void begin(String verb, Object argument) {
        if (!ask(verb, argument).equals("trying")) {
            throw new IllegalStateException("the application does not try: " + argument);
        }
        // In SQLite's busy handler it sleeps.
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(ANSWER_TIMEOUT)
                .until(this::sleeps);
    }

    /** Returns the answer to what {@link #waitingFor} began. */
    public String answer() {
        try {
            String line = answers.poll(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null || line.equals(END)) {
                throw new IllegalStateException("the application does not answer");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
    }

    /** Returns whether the row that {@link #waitingToWrite} began was acknowledged. */
    public boolean acknowledged() {
        return acknowledged(tried, answer());
    }

    /** Opens, writes a row, closes; returns whether the row was acknowledged. */
    public boolean once(Path database, int row) {
        return once(database, row, SHORT_LOCK_TIMEOUT);
    }

    /** As above, waiting this long for locks. */
    public boolean once(Path database, int row, Duration wait) {
        return acknowledged(row, ask("once", database.toString(), "rw", row, seconds(wait)));
    }

    /** As above, of an application that makes a database it does not find. */
    public boolean onceMaking(Path database, int row) {
        return acknowledged(row, ask("once", database.toString(), "rwc", row, seconds(SHORT_LOCK_TIMEOUT)));
    }

    /** Writes a row that nobody counts on: opens, writes, closes. */
    public void onceUncounted(Path database, int row) {
        ask("once", database.toString(), "rw", row, seconds(SHORT_LOCK_TIMEOUT));
    }

    private boolean acknowledged(int row, String answer) {
        boolean done = answer.startsWith("ok");
        if (done) {
            acknowledged.put(row, Instant.now());
        }
        return done;
    }

    /** Takes the operating system's lock on a file, until the process ends. */
    public void lock(Path file) {
        expect("lock", file.toString());
    }

    /**
     * Commits rows from after {@code first} on until {@link #stop}; never makes a database, and gives up
     * a row that fails.
     *
     * @param journalMode asked for now and then when a connection is opened; empty for never
     */
    public void loop(Path database, int first, Style style, Pauses pauses, String journalMode, long seed) {
        loopStart = first;
        send("loop", database.toString(), first, word(style), word(pauses), journalMode, seed);
    }

    /** Waits for the next {@code more} rows of the loop. */
    public void awaitRows(int more) {
        for (int row = 0; row < more; row++) {
            acknowledge(answer());
        }
    }

    /** Changes the loop's style; every row acknowledged before now is counted. */
    public void style(Style style) {
        send("style", word(style));
        drainUntil("ok");
    }

    /** Counts every row of the loop that was acknowledged before now. */
    public void catchUp() {
        send("count");
        drainUntil("ok");
    }

    /** Ends the loop; returns each row of it that was acknowledged, and when. */
    public NavigableMap<Integer, Instant> stop() {
        send("stop");
        drainUntil("ok stopped");
        return Collections.unmodifiableNavigableMap(new TreeMap<>(acknowledged.tailMap(loopStart, false)));
    }

    private void drainUntil(String last) {
        for (String line = answer(); !line.equals(last); line = answer()) {
            acknowledge(line);
        }
    }

    private void acknowledge(String line) {
        String[] words = line.split(" ", -1);
        if (!words[0].equals("ack")) {
            throw new IllegalStateException("the loop says: " + line);
        }
        acknowledged.put(Integer.valueOf(words[1]), Instant.ofEpochSecond(0, Long.parseLong(words[2])));
    }

    /** Returns which rows a database shows; none when it cannot be read as one. */
    public Set<Integer> rows(Path database) {
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
    public Set<Integer> acknowledgedRows() {
        return Collections.unmodifiableSet(acknowledged.keySet());
    }

    /** Returns whether it waits in the kernel, as one does in SQLite's busy handler. */
    private boolean sleeps() {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).startsWith("S");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String expect(Object... call) {
        String answer = ask(call);
        if (!answer.startsWith("ok ")) {
            throw new AssertionError(List.of(call) + ": " + answer);
        }
        return answer.substring(3);
    }

    private String ask(Object... call) {
        send(call);
        return answer();
    }

    private void send(Object... call) {
        try {
            in.write(JSON.writeValueAsString(List.of(call)) + "\n");
            in.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static String script() throws IOException {
        try (InputStream script = Application.class.getResourceAsStream("application.py")) {
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
