package io.github.litestow.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The run that works on one database now: this process's own, asked live, or the one that another
 * process tells of in {@code run.json}. For people to look at; nothing is decided by it, and trouble
 * with the file is no trouble of the run. Safe for concurrent use.
 */
public final class CurrentRun {
    private static final Logger LOG = Logger.getLogger(CurrentRun.class);

    /** A file that was not renewed for so long was left by a process that died. */
    private static final Duration BELIEVED = Duration.ofSeconds(10);

    private final Path file;
    private final ObjectMapper json;
    private Optional<Own> own = Optional.empty();

    CurrentRun(Path folder, ObjectMapper json) {
        this.file = folder.resolve("run.json");
        this.json = json;
    }

    private record Own(String id, Supplier<RunInProgress> look) {}

    /** What stands in the file. */
    @RegisterForReflection
    record WorkingDocument(Instant at, RunInProgress run) {}

    /** A run of this process begins; {@code look} tells where it stands, quickly. */
    public synchronized void begins(String id, Supplier<RunInProgress> look) {
        own = Optional.of(new Own(id, look));
    }

    /** A run of this process ended, after whatever it has to leave behind is there. */
    public synchronized void ended(String id) {
        if (own.filter(run -> run.id().equals(id)).isPresent()) {
            own = Optional.empty();
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debugf("%s is left behind: %s", file, e);
            }
        }
    }

    /** Returns where the run of this process stands. */
    public synchronized Optional<RunInProgress> own() {
        return own.map(run -> run.look().get());
    }

    /** Returns the run that works now, of whatever process of this host. */
    public Optional<RunInProgress> now(Instant now) {
        return own().or(() -> told(now));
    }

    /** Lets other processes know where the run of this process stands, and returns that. */
    public synchronized Optional<RunInProgress> tell(Instant now) {
        Optional<RunInProgress> run = own();
        if (run.isPresent()) {
            try {
                Path draft = file.resolveSibling("run.json.new");
                Files.deleteIfExists(draft);
                Files.createFile(
                        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.write(draft, json.writeValueAsBytes(new WorkingDocument(now, run.get())));
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                LOG.debugf("other processes are not told of the run: %s", e);
            }
        }
        return run;
    }

    private Optional<RunInProgress> told(Instant now) {
        try {
            WorkingDocument told = json.readValue(Files.readAllBytes(file), WorkingDocument.class);
            return told.at().isAfter(now.minus(BELIEVED)) ? Optional.of(told.run()) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debugf("%s tells nothing: %s", file, e);
            return Optional.empty();
        }
    }
}
