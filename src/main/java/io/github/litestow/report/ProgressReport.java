package io.github.litestow.report;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Shows how far long runs have come, how fast, and how long the rest takes: every second on one line of a
 * terminal, otherwise in the log every ten seconds; and lets other processes know. One timer for everything.
 */
@ApplicationScoped
public class ProgressReport {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.progress");
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);

    /** Draws over the line it is on, and leaves the cursor where the next message overwrites it. */
    private static final String DRAW = "\r%s\u001b[K\r";

    /** A terminal has 80 columns or more, and whatever wraps cannot be drawn over. */
    private static final int COLUMNS = 79;

    private final Databases databases;
    private final Clock clock;
    private final boolean terminal;
    private final PrintStream screen;
    private final Consumer<String> log;
    private final Map<String, Instant> said = new HashMap<>();
    private final ProgressRate rate = new ProgressRate();
    private final DaemonThreads watch = new DaemonThreads("progress", 1);
    private String ended = "";
    private boolean drawn;

    /** Looks at the runs of {@code databases}. */
    @Inject
    public ProgressReport(Databases databases, Clock clock) {
        this(databases, clock, Terminal.isStandardError(), System.err, LOG::info);
    }

    ProgressReport(Databases databases, Clock clock, boolean terminal, PrintStream screen, Consumer<String> log) {
        this.databases = databases;
        this.clock = clock;
        this.terminal = terminal;
        this.screen = screen;
        this.log = log;
    }

    void begin(@Observes StartupEvent start) {
        watch.every(LOOK_EVERY, this::look);
    }

    @PreDestroy
    void stop() {
        watch.close();
    }

    /** The line must be gone before the command prints its last one. */
    synchronized void ended(@Observes RunRecord run) {
        ended = run.id();
        said.remove(run.id());
        rate.forget(run.id());
        erase();
    }

    synchronized void look() {
        Instant now = clock.instant();
        List<RunInProgress> runs = new ArrayList<>();
        for (Database database : databases.all()) {
            database.currentRun().publish(now).ifPresent(runs::add);
        }
        runs.removeIf(run -> run.progress().isEmpty() || run.id().equals(ended));
        if (terminal) {
            draw(runs, now);
        } else {
            runs.forEach(run -> write(run, now));
        }
    }

    private void draw(List<RunInProgress> runs, Instant now) {
        if (runs.isEmpty()) {
            erase();
        } else {
            List<String> lines = runs.stream()
                    .map(run -> run.database() + ": " + run.progress().get().words() + rate.words(run, now))
                    .toList();
            screen.printf(DRAW, fitting(lines));
            screen.flush();
            drawn = true;
        }
    }

    private void erase() {
        if (drawn) {
            screen.printf(DRAW, "");
            screen.flush();
            drawn = false;
        }
    }

    private void write(RunInProgress run, Instant now) {
        String far = line(run) + rate.words(run, now);
        Instant last = Objects.requireNonNullElse(said.putIfAbsent(run.id(), run.started()), run.started());
        if (!last.plus(LOG_EVERY).isAfter(now)) {
            said.put(run.id(), now);
            log.accept(far);
        }
    }

    /** As many as fit in a row, and how many there are besides. */
    private static String fitting(List<String> lines) {
        for (int shown = lines.size(); shown > 1; shown--) {
            String row = row(lines, shown);
            if (row.length() <= COLUMNS) {
                return row;
            }
        }
        String row = row(lines, 1);
        return row.length() <= COLUMNS ? row : "…" + row.substring(row.length() - COLUMNS + 1);
    }

    private static String row(List<String> lines, int shown) {
        int others = lines.size() - shown;
        return String.join(" | ", lines.subList(0, shown)) + (others == 0 ? "" : " | and " + others + " more");
    }

    private static String line(RunInProgress run) {
        return run.database() + ": " + run.words();
    }
}
