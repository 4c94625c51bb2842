package io.github.litestow.service;

import com.cronutils.mapper.CronMapper;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import io.github.litestow.config.Schedule;
import io.github.litestow.control.ThreadLanes;
import io.github.litestow.outcome.Operation;
import io.github.litestow.run.Database;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.SnapshotSlots;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Starts snapshots by cron, one job per database. A slot that comes while a run is still working is
 * skipped and counted; a run never waits for another of its database.
 *
 * <p>The runs take no thread of Quarkus' own pool, on which probes are answered: a pool's worth of
 * databases whose slots come at once, or whose replica hangs, would leave none. They have some for
 * each replica host instead, and begin, with their whole deadline before them, when one is free.
 */
@ApplicationScoped
public class SnapshotScheduler {
    private static final Logger LOG = Logger.getLogger(SnapshotScheduler.class);

    private static final int RUNS_PER_HOST = 16;

    private final Scheduler scheduler;
    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final Clock clock;
    private final LaunchMode launchMode;
    private final ThreadLanes threads = new ThreadLanes("cron", RUNS_PER_HOST);

    /** The databases whose slot is being used, by name. */
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

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

    /** Gives a database that has been restored to cron. */
    void schedule(Database database) {
        Optional<Schedule> schedule = database.settings().schedule();
        if (schedule.isEmpty()) {
            LOG.infof("%s: no cron, snapshots are taken on request", database.name());
            return;
        }
        scheduler
                .newJob("snapshot of " + database.name())
                .setCron(quartz(schedule.get()))
                .setTimeZone(schedule.get().zone().getId())
                .setConcurrentExecution(Scheduled.ConcurrentExecution.PROCEED)
                .setTask(execution -> {
                    if (schedule.get().fires(execution.getScheduledFireTime())) {
                        use(database);
                    }
                })
                .schedule();
    }

    /** If slots passed while the service was down, one run makes up for all of them, now. */
    void makeUp(Database database) {
        Optional<Instant> missed = database.settings()
                .schedule()
                .flatMap(schedule -> SnapshotSlots.missed(schedule, database.journal(), clock.instant()));
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
        threads.close();
    }

    private void use(Database database) {
        if (!database.ready()) {
            runs.skipped(database, Operation.SNAPSHOT, "cron", "the database has not been restored yet");
        } else if (!busy.add(database.name())) {
            runs.skipped(database, Operation.SNAPSHOT, "cron", "another run is working on this database");
        } else {
            threads.at(database.settings().replicaHost()).execute(() -> snapshot(database));
        }
    }

    private void snapshot(Database database) {
        try {
            snapshots.snapshot(database, SnapshotRequest.by("cron"));
        } finally {
            busy.remove(database.name());
        }
    }
}
