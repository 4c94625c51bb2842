package io.github.litestow.report;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/**
 * Notes once a day that a service watched over its databases: so a day on which nothing was to be done
 * is told from one on which nobody was there to do it. One thread for all of them.
 */
@ApplicationScoped
public class WatchedDays {
    private static final Logger LOG = Logger.getLogger(WatchedDays.class);
    /** A start has other things to do first. */
    private static final Duration FIRST = Duration.ofSeconds(30);

    private static final Duration LOOK_EVERY = Duration.ofHours(1);

    private final Databases databases;
    private final Clock clock;
    private final LaunchMode launchMode;
    private final DaemonThreads thread = new DaemonThreads("watched days", 1);
    private LocalDate noted = LocalDate.MIN;

    /** Notes in the journals of {@code databases}. */
    public WatchedDays(Databases databases, Clock clock, LaunchMode launchMode) {
        this.databases = databases;
        this.clock = clock;
        this.launchMode = launchMode;
    }

    void begin(@Observes StartupEvent start) {
        if (launchMode.serving()) {
            thread.after(FIRST, this::look);
            thread.every(LOOK_EVERY, this::look);
        }
    }

    @PreDestroy
    void stop() {
        thread.close();
    }

    synchronized void look() {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        if (!today.equals(noted)) {
            // A day on which slots begin nothing is not a calm one.
            databases.all().stream()
                    .filter(database -> database.journal().state().paused().isEmpty())
                    .forEach(database -> note(database, today));
            noted = today;
        }
    }

    private static void note(Database database, LocalDate today) {
        try {
            database.journal().watched(today);
        } catch (Failure e) {
            LOG.warnf(
                    "%s: that it is watched over today could not be noted: %s. %s",
                    database.name(), e.getMessage(), e.hint());
        }
    }
}
