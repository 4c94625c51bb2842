package io.github.litestow.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The record of one database: its {@link DatabaseState} in {@code state.json}, replaced atomically, and
 * its ended runs in the {@link EndedRuns}. What a call changed is on disk when it
 * returns. Safe for concurrent use; one process at a time, held apart by the host lock.
 */
public final class Journal {
    private static final Logger LOG = Logger.getLogger(Journal.class);
    static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final ObjectMapper json;
    /** What {@code runs.jsonl} says, as long as there is room in memory and nobody wrote to it. */
    private SoftReference<List<RunRecord>> runs = new SoftReference<>(null);

    private volatile DatabaseState state = DatabaseState.unknown();
    private Optional<Failure> unread = Optional.empty();
    private final UnwrittenRuns unwritten = new UnwrittenRuns();

    private Journal(Path folder, ObjectMapper json) {
        this.folder = folder;
        this.json = json;
    }

    /**
     * Reads the record in {@code folder}, which need not exist: then nothing is known. If it cannot be
     * read, nothing is known either, and every change is refused until {@link #load} succeeds: what
     * is there must not be written over.
     */
    public static Journal open(Path folder, ObjectMapper json) {
        Journal journal = new Journal(folder, json);
        try {
            journal.load();
        } catch (Failure e) {
            LOG.errorf("%s. %s", e.getMessage(), e.hint());
        }
        return journal;
    }

    /** Returns whether there is a state to {@link #load}; without one that forgets everything. */
    public boolean written() {
        return Files.exists(folder.resolve("state.json"));
    }

    /** Returns what is known of the database. */
    public DatabaseState state() {
        return state;
    }

    /** Returns the last runs, oldest first, at most 200; none while they cannot be read. */
    public synchronized List<RunRecord> runs() {
        List<RunRecord> known = runs.get();
        if (known != null) {
            return known;
        }
        try {
            known = Stream.concat(new EndedRuns(folder, json).read().stream(), unwritten.all().stream())
                    .toList();
            runs = new SoftReference<>(known);
            return known;
        } catch (Failure e) {
            LOG.errorf("%s. %s", e.getMessage(), e.hint());
            return List.of();
        }
    }

    /** Returns the days among the last {@link RunDay#DAYS} on which a service watched or a run ended, oldest first. */
    public synchronized List<RunDay> days() throws Failure {
        return new RunDays(folder, json).read();
    }

    /**
     * Notes that a service watches over this database on this day: a day without runs is calm then, and
     * not missed. Nothing is noted of a database of which nothing is known.
     */
    public synchronized void watched(LocalDate day) throws Failure {
        if (unread.isEmpty() && Files.exists(folder)) {
            new RunDays(folder, json).watched(day);
        }
    }

    /**
     * Reads the files again, which another process may have changed since.
     *
     * @throws Failure {@code DISK} when there are some and they cannot be read
     */
    public synchronized void load() throws Failure {
        try {
            read();
            unread = Optional.empty();
        } catch (Failure e) {
            unread = Optional.of(e);
            throw e;
        }
    }

    private void read() throws Failure {
        Path file = folder.resolve("state.json");
        try {
            state = parse(StateFiles.read(file, json, ObjectNode.class));
        } catch (NoSuchFileException e) {
            state = DatabaseState.unknown();
        } catch (IOException e) {
            throw broken(file, e);
        }
        state = unwritten.over(state);
        runs.clear();
    }

    /** Reads what an earlier version wrote, too. */
    private DatabaseState parse(ObjectNode document) throws JsonProcessingException {
        if (!document.has("local")) {
            EarlierStateDocument earlier = json.treeToValue(document, EarlierStateDocument.class);
            document.remove(EarlierStateDocument.FIELDS);
            document.set("local", json.valueToTree(earlier.local()));
        }
        return json.treeToValue(document, DatabaseState.class);
    }

    /**
     * Makes the next state, on disk before this returns.
     *
     * @param edit what changes
     * @throws Failure {@code DISK} when it cannot be written; then nothing changed
     */
    public synchronized void change(Consumer<StateChange> edit) throws Failure {
        if (unread.isPresent()) {
            throw unread.get();
        }
        StateChange change = new StateChange(state);
        edit.accept(change);
        DatabaseState next = change.state();
        Path target = folder.resolve("state.json");
        Path temporary = folder.resolve("state.json.new");
        try {
            Files.deleteIfExists(temporary);
            write(
                    temporary,
                    json.writerWithDefaultPrettyPrinter().writeValueAsString(next),
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw broken(target, e);
        }
        state = next;
        unwritten.take().forEach(this::addToHistory);
    }

    /**
     * Notes since when slots of the cron begin no snapshot; empty when they do again. Only for who keeps other
     * processes out. What these wrote since it was read stays, and so does what was learned in memory only: this
     * is asked for at any time, in the middle of a run as well.
     *
     * @throws Failure {@code DISK} when it cannot be written; then nothing changed
     */
    public synchronized void paused(Optional<Instant> since) throws Failure {
        DatabaseState known = state;
        boolean written = false;
        try {
            load();
            change(change -> change.paused(since));
            written = true;
        } finally {
            Optional<Instant> now = state.paused();
            state = written ? new StateChange(known).pausedAs(now).state() : known;
        }
    }

    /**
     * Learns what the replica's own record says, in memory only: nothing local changed.
     *
     * @param points the recorded restore points
     * @param gone whether no local database exists
     */
    public synchronized void learn(List<RestorePoint> points, boolean gone) {
        StateChange change = new StateChange(state);
        points.forEach(change::recorded);
        DatabaseState learned = change.state();
        boolean offloaded = gone
                && learned.newest()
                        .filter(point -> point.assurance() == Assurance.OFFLOADED)
                        .isPresent();
        state = offloaded ? change.offloaded().state() : learned;
    }

    /**
     * Adds an ended run, and with it the last success or failure of its operation.
     *
     * @throws Failure {@code DISK} when it cannot be written; if that is so of the state, the run is {@linkplain
     *     #remember remembered}
     */
    public synchronized void append(RunRecord run) throws Failure {
        try {
            change(change -> change.ended(run));
        } catch (Failure e) {
            remember(run);
            throw e;
        }
        new EndedRuns(folder, json).append(run);
        new RunDays(folder, json).add(run);
        runs.clear();
    }

    /** Has this process know of an ended run that cannot be written down now; the next change does that. */
    public synchronized void remember(RunRecord run) {
        unwritten.add(run);
        state = new StateChange(state).ended(run).state();
        runs.clear();
    }

    private void addToHistory(RunRecord run) {
        try {
            new EndedRuns(folder, json).append(run);
            new RunDays(folder, json).add(run);
            runs.clear();
        } catch (Failure e) {
            LOG.warnf(
                    "the history lacks the %s that ended at %s: %s",
                    run.operation().label(), run.finished(), e);
        }
    }

    private static void write(Path file, String text, Set<? extends OpenOption> options) throws IOException {
        try (FileChannel out = FileChannel.open(file, options, PRIVATE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    static Failure broken(Path file, IOException e) {
        return new Failure(
                FailureKind.DISK,
                ErrorText.sentence("cannot use the journal " + file, e),
                "Check free space, owner and mode of the folder. If the file is damaged, move it away:"
                        + " the replica's own record is used then.",
                e);
    }
}
