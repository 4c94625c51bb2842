package io.github.litestow.journal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the last days brought, in {@code days.json}: for people to look at, nothing is decided by it. It is
 * read when it is asked for and not kept in memory, which a thousand databases would fill. Not safe for
 * concurrent use; {@link Journal} is.
 */
final class RunDays {
    private static final Logger LOG = Logger.getLogger(RunDays.class);

    private final Path file;
    private final ObjectMapper json;

    RunDays(Path folder, ObjectMapper json) {
        this.file = folder.resolve("days.json");
        this.json = json;
    }

    /** The content of {@code days.json}. */
    @RegisterForReflection
    record DaysDocument(List<RunDay> days) {
        DaysDocument {
            days = days == null ? List.of() : List.copyOf(days);
        }
    }

    /** Returns the days on which runs ended, oldest first; none while there is no file. */
    List<RunDay> read() throws Failure {
        try {
            return StateFiles.read(file, json, DaysDocument.class).days();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (JacksonException e) {
            Path aside = file.resolveSibling("days.json.damaged");
            try {
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException trouble) {
                throw Journal.broken(file, trouble);
            }
            LOG.warnf("%s was damaged and is %s now: the history of days begins anew", file, aside.getFileName());
            return List.of();
        } catch (IOException e) {
            throw Journal.broken(file, e);
        }
    }

    /** Adds a run to its day. */
    void add(RunRecord run) throws Failure {
        LocalDate day = RunDay.of(run);
        List<RunDay> days = new ArrayList<>(read());
        RunDay before = of(day, days).orElseGet(() -> RunDay.empty(day));
        days.remove(before);
        days.add(before.and(run));
        write(days, day);
    }

    /** Notes that somebody watched on this day, whether a run ends on it or not. */
    void watched(LocalDate day) throws Failure {
        List<RunDay> days = new ArrayList<>(read());
        if (of(day, days).isEmpty()) {
            days.add(RunDay.empty(day));
            write(days, day);
        }
    }

    private static Optional<RunDay> of(LocalDate day, List<RunDay> days) {
        return days.stream().filter(known -> known.day().equals(day)).findFirst();
    }

    /** A crash loses the last change at most: the file is replaced, not written over. */
    private void write(List<RunDay> days, LocalDate today) throws Failure {
        days.removeIf(known -> !known.day().isAfter(today.minusDays(RunDay.DAYS)));
        days.sort(Comparator.comparing(RunDay::day));
        Path temporary = file.resolveSibling("days.json.new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(temporary, Journal.PRIVATE);
            Files.write(temporary, json.writeValueAsBytes(new DaysDocument(days)));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Journal.broken(file, e);
        }
    }
}
