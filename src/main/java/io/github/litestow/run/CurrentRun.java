package io.github.litestow.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.journal.StateFiles;
import io.github.litestow.outcome.RunInProgress;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The run that works on one database now: this process's own, asked live, or the one that another
 * process publishes in {@code run.json}. For people to look at; nothing is decided by it, and trouble
 * with the file is no trouble of the run. Safe for concurrent use.
 */
public final class CurrentRun {
    private static final Logger LOG = Logger.getLogger(CurrentRun.class);

    /** A file that was not renewed for so long was left by a process that died. */
    private static final Duration MAX_AGE = Duration.ofSeconds(10);

    private final Path file;
    private final ObjectMapper json;
    private Optional<Own> own = Optional.empty();

    /** Publishes in this state folder, which need not exist yet. */
    public CurrentRun(Path stateFolder, ObjectMapper json) {
        this.file = stateFolder.resolve("run.json");
        this.json = json;
    }

    private record Own(String id, Supplier<RunInProgress> look) {}

    /** The content of {@code run.json}: a run, and when it was looked at. */
    @RegisterForReflection
    record RunDocument(Instant at, RunInProgress run) {
        RunDocument {
            Objects.requireNonNull(at);
            Objects.requireNonNull(run);
        }
    }

    /** A run of this process begins; {@code look} returns how far it is, quickly. */
    public synchronized void begin(String id, Supplier<RunInProgress> look) {
        own = Optional.of(new Own(id, look));
    }

    /** A run of this process ended, after whatever it has to leave behind is there. */
    public synchronized void end(String id) {
        if (own.filter(run -> run.id().equals(id)).isPresent()) {
            own = Optional.empty();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debugf("%s is left behind: %s", file, e);
            }
        }
    }

    /** Returns the run of this process. */
    public synchronized Optional<RunInProgress> own() {
        return own.map(run -> run.look().get());
    }

    /** Returns the run that works now, of whatever process of this host. */
    public Optional<RunInProgress> now(Instant now) {
        return own().or(() -> published(now));
    }

    /** Shows other processes the run of this process, and returns it. */
    public synchronized Optional<RunInProgress> publish(Instant now) {
        Optional<RunInProgress> run = own();
        if (run.isPresent()) {
            try {
                Path temporary = file.resolveSibling("run.json.new");
                Files.deleteIfExists(temporary);
                Files.createFile(
                        temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.write(temporary, json.writeValueAsBytes(new RunDocument(now, run.get())));
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                LOG.debugf("other processes are not shown the run: %s", e);
            }
        }
        return run;
    }

    private Optional<RunInProgress> published(Instant now) {
        try {
            RunDocument document = StateFiles.read(file, json, RunDocument.class);
            boolean lately = RunTime.lately(document.at(), MAX_AGE, now);
            return lately ? Optional.of(document.run()) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debugf("%s cannot be used: %s", file, e);
            return Optional.empty();
        }
    }
}
