package io.github.litestow.service;

import com.cronutils.mapper.CronMapper;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import io.github.litestow.outcome.Operation;
import io.github.litestow.run.Database;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.settings.Schedule;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Starts snapshots by cron, one job per database. A slot that comes while a run is still working is
 * skipped and counted; a run never waits for another.
 */
@ApplicationScoped
public class SnapshotScheduler {
    private static final Logger LOG = Logger.getLogger(SnapshotScheduler.class);

    private final Scheduler scheduler;
    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final Clock clock;
    private final LaunchMode launchMode;

    /** Schedules with {@code scheduler}. */
    public SnapshotScheduler(
            Scheduler scheduler, RunExecutor runs, Snapshots snapshots, Clock clock, LaunchMode launchMode) {
        this.scheduler = scheduler;
        this.runs = runs;
        this.snapshots = snapshots;
        this.clock = clock;
        this.launchMode = launchMode;
    }

    /** Lets the scheduler run; it starts halted so that no job comes before its database. */
    void open() {
        scheduler.resume();
    }

    /**
     * Gives a database that has been restored to cron. If slots passed while the service was down, one
     * run makes up for them first.
     */
    void schedule(Database database) {
        Optional<Schedule> schedule = database.settings().snapshot().schedule();
        if (schedule.isEmpty()) {
            LOG.infof("%s: no cron, snapshots are taken on request", database.name());
            return;
        }
        Optional<Instant> missed = MissedSlots.first(schedule.get(), database.journal(), clock.instant());
        scheduler
                .newJob("snapshot of " + database.name())
                .setCron(quartz(schedule.get()))
                .setTimeZone(schedule.get().zone().getId())
                .setConcurrentExecution(Scheduled.ConcurrentExecution.PROCEED)
                .setTask(execution -> {
                    if (schedule.get().fires(execution.getScheduledFireTime())) {
                        snapshot(database);
                    }
                })
                .schedule();
        // The demonstration's writer begins now and must find its database.
        if (missed.isPresent() && !launchMode.demonstrating()) {
            LOG.infof(
                    "%s: the slot of %s and maybe later ones were missed, one run now", database.name(), missed.get());
            snapshots.snapshot(database, SnapshotRequest.by("start-up"));
        }
    }

    /**
     * The scheduler knows one kind of cron, fixed when it is built: Quartz. That has no word for Unix'
     * "this day of the month or that day of the week", so it fires daily and {@link Schedule#fires}
     * judges.
     */
    static String quartz(Schedule schedule) {
        String cron = schedule.cron().strip();
        String[] fields = cron.split("\\s+", -1);
        if (fields.length > 5) {
            return cron;
        }
        if (!fields[2].equals("*") && !fields[4].equals("*")) {
            fields[2] = "*";
            fields[4] = "*";
        }
        return CronMapper.fromUnixToQuartz()
                .map(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                        .parse(String.join(" ", fields)))
                .asString();
    }

    /** Takes no more slots. */
    void close() {
        scheduler.pause();
    }

    private void snapshot(Database database) {
        if (database.ready()) {
            snapshots.snapshot(database, SnapshotRequest.by("cron"));
        } else {
            runs.skipped(database, Operation.SNAPSHOT, "cron", "the database has not been restored yet");
        }
    }
}
