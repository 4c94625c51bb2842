package io.github.litestow.service;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.Schedule;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.SnapshotSlots;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What a slot of the cron means for a group: its folder is looked through, and those of its databases that
 * changed get a run, the one first whose changes may have waited longest. Nothing is done for the others,
 * however many there are, not even asked.
 */
@ApplicationScoped
public class GroupSlots {
    private static final Logger LOG = Logger.getLogger(GroupSlots.class);

    private final Databases databases;
    private final Discovery discovery;
    private final Snapshots snapshots;
    private final Clock clock;
    private final LaunchMode launchMode;

    /** Wires it. */
    public GroupSlots(
            Databases databases, Discovery discovery, Snapshots snapshots, Clock clock, LaunchMode launchMode) {
        this.databases = databases;
        this.discovery = discovery;
        this.snapshots = snapshots;
        this.clock = clock;
        this.launchMode = launchMode;
    }

    /** Uses a slot. */
    void use(DatabaseGroup group, SlotQueue queue) {
        look(group);
        Instant now = clock.instant();
        inUse(group, changed(group, now)).forEach(database -> queue.add(database, this::snapshot));
    }

    /** Looks for new files, which the next slot protects; what is not known at a slot is found by that. */
    void look(DatabaseGroup group) {
        try {
            List<Database> fresh = discovery.folder(group);
            fresh.stream()
                    .filter(database -> !database.ready() && !database.restoring())
                    .forEach(Database::markReady);
        } catch (Failure e) {
            LOG.errorf("%s: %s. %s", group.title(), e.getMessage(), e.hint());
        }
    }

    /** Makes up for slots that were missed, of which there is something to do. */
    void makeUp(DatabaseGroup group, SlotQueue queue) {
        Instant now = clock.instant();
        Optional<Schedule> schedule = group.database("any").schedule();
        Predicate<Database> missed =
                database -> schedule.flatMap(when -> SnapshotSlots.missed(when, database.journal(), now))
                        .isPresent();
        List<Database> late =
                inUse(group, changed(group, now).stream().filter(missed).toList());
        if (!late.isEmpty()) {
            LOG.infof(
                    "%s: slots were missed, one run now of each of %d that may have changed",
                    group.title(), late.size());
            late.forEach(database -> queue.add(database, this::snapshot));
        }
    }

    /** Has runs look at offloaded databases of which no replica was listed; from then on each slot does until it is back. */
    void lookFor(DatabaseGroup group, List<Database> lost, SlotQueue queue) {
        inUse(group, lost).forEach(database -> queue.add(database, this::snapshot));
    }

    /** Returns those that are not paused. */
    private static List<Database> inUse(DatabaseGroup group, List<Database> changed) {
        List<Database> inUse = changed.stream()
                .filter(database -> database.journal().state().paused().isEmpty())
                .toList();
        if (inUse.size() < changed.size()) {
            LOG.infof(
                    "%s: %d that may have changed are paused and get no run",
                    group.title(), changed.size() - inUse.size());
        }
        return inUse;
    }

    /** Looks once more, and returns what may have changed until now, that of the greatest risk first. */
    List<Database> changed(DatabaseGroup group) {
        look(group);
        return changed(group, clock.instant());
    }

    /** Returns whether a closer look at a database of a group shows that there is nothing to do. */
    boolean foundQuiet(Database database) {
        Instant now = clock.instant();
        boolean quiet = QuietCheck.foundQuiet(database, launchMode.describe(), now);
        if (quiet) {
            database.unchangedAt(now);
        }
        return quiet;
    }

    /** Returns the databases of which something may have changed, that of the greatest risk first. */
    List<Database> changed(DatabaseGroup group, Instant now) {
        return databases.of(group).stream()
                .filter(Database::ready)
                .filter(database -> !isQuiet(database, now))
                .sorted(Comparator.comparing(GroupSlots::confirmedAt))
                .toList();
    }

    private static boolean isQuiet(Database database, Instant now) {
        boolean quiet = QuietCheck.quiet(database, now);
        if (quiet && !database.missing()) {
            database.unchangedAt(now);
        }
        return quiet;
    }

    /** Returns when both sides last agreed; what was never backed up comes first. */
    private static Instant confirmedAt(Database database) {
        DatabaseState state = database.journal().state();
        Stream<Instant> agreed = state.lastSuccess().values().stream()
                .filter(run -> run.result().agreed())
                .map(RunRecord::started);
        return Stream.concat(agreed, state.newest().map(RestorePoint::time).stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    private void snapshot(Database database) {
        if (!foundQuiet(database)) {
            snapshots.snapshot(database, SnapshotRequest.by("cron"));
        }
    }
}
