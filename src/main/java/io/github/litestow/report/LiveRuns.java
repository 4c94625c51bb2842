package io.github.litestow.report;

import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The runs of this process that work now, with how fast they go. Safe for concurrent use. */
@ApplicationScoped
public class LiveRuns {
    private final Databases databases;
    private final Clock clock;
    private final ProgressRate rate = new ProgressRate();

    /** Looks at the runs of {@code databases}. */
    public LiveRuns(Databases databases, Clock clock) {
        this.databases = databases;
        this.clock = clock;
    }

    /**
     * A run that works now.
     *
     * @param run the run
     * @param pace how fast its long part goes and how long the rest takes, for example {@code 12.3 MiB/s, 5 s
     *     left}; empty while nothing can be said
     */
    public record LiveRun(RunInProgress run, String pace) {}

    /** Returns them in the order of their databases' names. */
    public synchronized List<LiveRun> now() {
        Instant now = clock.instant();
        return databases.all().stream()
                .map(Database::currentRun)
                .flatMap(current -> current.own().stream())
                .map(run -> new LiveRun(run, rate.words(run, now).replaceFirst("^, ", "")))
                .toList();
    }

    synchronized void ended(@Observes RunRecord run) {
        rate.forget(run.id());
    }
}
