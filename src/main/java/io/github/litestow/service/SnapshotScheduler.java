package io.github.litestow.service;

import com.cronutils.mapper.CronMapper;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.Schedule;
import io.github.litestow.control.DaemonThreads;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Starts snapshots by cron, with one job for each distinct schedule, however many databases have it. A slot
 * that comes while a run is still working is skipped and counted; a run never waits for another of its
 * database.
 *
 * <p>The runs take no thread of Quarkus' own pool, on which probes are answered: a pool's worth of
 * databases whose slots come at once, or whose replica hangs, would leave none. They have some for
 * each replica host instead ({@link SlotQueue}), and begin, with their whole deadline before them, when one
 * is free.
 */
@ApplicationScoped
public class SnapshotScheduler {
    private static final Logger LOG = Logger.getLogger(SnapshotScheduler.class);

    /** Services that fire together spread their work over so long. */
    private static final int MAX_JITTER_MILLIS = 2_000;

    /** As often as the scheduler itself looks at the clock. */
    private static final Duration CLOCK_LOOK = Duration.ofSeconds(1);

    private final Scheduler scheduler;
    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final GroupSlots groupSlots;
    private final Clock clock;
    private final LaunchMode launchMode;
    private final SlotQueue queue = new SlotQueue();
    /** A slot of a group takes as long as a look through its folder. */
    private final DaemonThreads slots = new DaemonThreads("slots", 2);

    private final Map<Schedule, Slot> jobs = new ConcurrentHashMap<>();
    private Instant lastLook;

    /** What has one schedule. */
    private record Slot(List<Database> databases, List<DatabaseGroup> groups) {}

    /** Schedules with {@code scheduler}. */
    public SnapshotScheduler(
            Scheduler scheduler,
            RunExecutor runs,
            Snapshots snapshots,
            GroupSlots groupSlots,
            Clock clock,
            LaunchMode launchMode) {
        this.scheduler = scheduler;
        this.runs = runs;
        this.snapshots = snapshots;
        this.groupSlots = groupSlots;
        this.clock = clock;
        this.launchMode = launchMode;
        lastLook = clock.instant();
    }

    /** Lets the scheduler run; it starts halted so that no job comes before its database. */
    void open() {
        scheduler.resume();
        slots.every(CLOCK_LOOK, this::lookAtClock);
    }

    /**
     * Makes every job anew when the clock was set back. The scheduler fires nothing before the time at which it
     * fired last, and had the clock been a year ahead until then, that is in a year.
     */
    synchronized void lookAtClock() {
        Instant now = clock.instant();
        if (now.isBefore(lastLook)) {
            LOG.infof("the clock was set back from %s to %s: slots are counted from there", lastLook, now);
            jobs.keySet().forEach(when -> {
                scheduler.unscheduleJob(title(when));
                begin(when);
            });
        }
        lastLook = now;
    }

    /** Gives a database that has been restored to cron. */
    void schedule(Database database) {
        Optional<Schedule> schedule = database.settings().schedule();
        schedule.ifPresentOrElse(
                when -> slot(when).databases().add(database),
                () -> LOG.infof("%s: no cron, snapshots are taken on request", database.name()));
    }

    /** Gives a group whose databases are known to cron. */
    void schedule(DatabaseGroup group) {
        Optional<Schedule> schedule = group.database("any").schedule();
        schedule.ifPresentOrElse(
                when -> slot(when).groups().add(group),
                () -> LOG.infof("%s: no cron, snapshots are taken on request", group.title()));
    }

    /** Looks for new files of a group. */
    void look(DatabaseGroup group) {
        groupSlots.look(group);
    }

    /** If slots passed while the service was down, one run makes up for all of them, now. */
    void makeUp(DatabaseGroup group) {
        groupSlots.makeUp(group, queue);
    }

    /** Has runs look at offloaded databases of a group of which no replica was listed. */
    void lookFor(DatabaseGroup group, List<Database> lost) {
        groupSlots.lookFor(group, lost, queue);
    }

    private synchronized Slot slot(Schedule schedule) {
        Slot known = jobs.get(schedule);
        if (known != null) {
            return known;
        }
        Slot slot = new Slot(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        // Before it begins: the job asks for it.
        jobs.put(schedule, slot);
        try {
            begin(schedule);
        } catch (RuntimeException e) {
            jobs.remove(schedule);
            throw e;
        }
        return slot;
    }

    private void begin(Schedule when) {
        scheduler
                .newJob(title(when))
                .setCron(quartz(when))
                .setTimeZone(when.zone().getId())
                .setConcurrentExecution(Scheduled.ConcurrentExecution.PROCEED)
                .setTask(execution -> {
                    if (when.fires(execution.getScheduledFireTime())) {
                        use(jobs.get(when));
                    }
                })
                .schedule();
    }

    private static String title(Schedule when) {
        return "snapshots at " + when.cron() + " in " + when.zone();
    }

    /**
     * If slots passed while the service was down, one run makes up for all of them, now. If none did, nothing may run
     * for hours, so that the file is looked at, and the replica: damage done meanwhile and a mistake in the URL are to
     * be known sooner. A verification says what is wrong, and deletes nothing.
     *
     * @param damaged whether {@link io.github.litestow.run.StartLook} found that
     */
    void makeUp(Database database, boolean damaged) {
        Optional<Instant> missed = database.settings()
                .schedule()
                .flatMap(schedule -> SnapshotSlots.missed(schedule, database.journal(), clock.instant()));
        boolean paused = database.journal().state().paused().isPresent();
        if (missed.isPresent() && paused) {
            LOG.warnf(
                    "%s: paused, so nothing makes up for the slot of %s that was missed",
                    database.name(), missed.get());
        }
        if (damaged && paused) {
            LOG.warnf("%s: paused, and SQLite finds it damaged: `verify` says how", database.name());
        }
        // The demonstration's writer begins now and must find its database.
        if (paused || launchMode.demonstrating()) {
            return;
        }
        if (missed.isPresent()) {
            LOG.infof(
                    "%s: the slot of %s and maybe later ones were missed, one run now", database.name(), missed.get());
            snapshots.snapshot(database, SnapshotRequest.by("start-up"));
        } else if (damaged) {
            snapshots.verify(database, "start-up");
        } else {
            snapshots.look(database, "start-up");
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
        slots.close();
        queue.close();
    }

    private void use(Slot slot) {
        slot.databases().forEach(this::use);
        if (!slot.groups().isEmpty()) {
            Duration jitter = Duration.ofMillis(ThreadLocalRandom.current().nextInt(MAX_JITTER_MILLIS));
            slot.groups().forEach(group -> slots.after(jitter, () -> groupSlots.use(group, queue)));
        }
    }

    private void use(Database database) {
        if (!database.ready()) {
            runs.skipped(database, Operation.SNAPSHOT, "cron", "the database has not been restored yet");
        } else if (database.journal().state().paused().isPresent()) {
            runs.skipped(database, Operation.SNAPSHOT, "cron", "the database is paused");
        } else if (!queue.add(database, one -> snapshots.snapshot(one, SnapshotRequest.by("cron")))) {
            runs.skipped(database, Operation.SNAPSHOT, "cron", "another run is working on this database");
        }
    }
}
