package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.RunTime;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The state of every database, from its journal. Safe for concurrent use. */
@ApplicationScoped
public class StatusService {
    /** A backup is stale when this many of its schedule's longest gaps have passed. */
    private static final int GAPS_UNTIL_STALE = 3;

    private final ConfiguredService settings;
    private final Databases databases;
    private final Clock clock;
    private static final Duration COUNTED_FOR = Duration.ofSeconds(5);
    /** Probes come every few seconds. */
    private static final Duration MANY_COUNTED_FOR = Duration.ofSeconds(30);

    private static final int MANY = 1_000;

    private final ScheduleGaps gaps = new ScheduleGaps();
    /**
     * Since when this process knows of each database's file, or since its clock was set back: what no run could
     * write down has an age, too.
     */
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();

    private Optional<FleetStatus> fleet = Optional.empty();
    private long countedAt;

    /** Reads the journals of {@code databases}. */
    public StatusService(ConfiguredService settings, Databases databases, Clock clock) {
        this.settings = settings;
        this.databases = databases;
        this.clock = clock;
    }

    /** Returns the status of every database in name order. */
    public List<DatabaseStatus> all() {
        return databases.all().stream().map(this::of).toList();
    }

    /** Returns how all databases are doing, as counted lately: thousands take a moment. */
    public synchronized FleetStatus fleet() {
        long now = System.nanoTime();
        Duration countedFor = fleet.filter(many -> many.total() > MANY).isPresent() ? MANY_COUNTED_FOR : COUNTED_FOR;
        if (fleet.isEmpty() || now - countedAt > countedFor.toNanos()) {
            fleet = Optional.of(FleetStatus.of(databases.all(), databases.unprotected(), this::of, clock.instant()));
            countedAt = now;
        }
        return fleet.get();
    }

    /** Returns whether what there is of a group is known, and here or rightly not here. */
    public boolean ready(DatabaseGroup group) {
        return databases.ready(group);
    }

    /** Returns whether no bucket lacks a lock that it is asked to have, as far as this process looked. */
    public boolean allLocked() {
        return databases.all().stream().allMatch(one -> one.unlocked().isEmpty());
    }

    /** Returns the state of one database; empty while its journal is not open. */
    public Optional<DatabaseStatus> of(ConfiguredDatabase database) {
        return databases.named(database.name()).map(this::of);
    }

    private DatabaseStatus of(Database one) {
        // The state first: a run that ends in between would otherwise have ended after now.
        DatabaseState state = one.journal().state();
        Instant now = clock.instant();
        ConfiguredDatabase database = one.settings();
        Optional<Instant> next = database.schedule().flatMap(schedule -> gaps.next(schedule, now));
        return DatabaseStatus.of(one, state, maxAge(database, now), next, seen(one, now), now);
    }

    private Instant seen(Database database, Instant now) {
        return seen.compute(
                database.name(),
                (name, since) -> since == null || !RunTime.past(since, now) || database.missing() ? now : since);
    }

    /** Returns a time that is not in the future; what is there no clock can have seen. */
    Optional<Instant> past(Optional<Instant> time) {
        return time.filter(known -> RunTime.past(known, clock.instant()));
    }

    private Optional<Duration> maxAge(ConfiguredDatabase database, Instant now) {
        return database.health()
                .maxAge()
                .or(() -> database.schedule()
                        .map(schedule -> gaps.longest(schedule, now).multipliedBy(GAPS_UNTIL_STALE)));
    }

    /** Counts in the background what would take too long for whoever asks first. */
    void prepare() {
        Stream.concat(settings.databases().stream(), settings.groups().stream().map(group -> group.database("any")))
                .filter(database -> database.health().maxAge().isEmpty())
                .flatMap(database -> database.schedule().stream())
                .distinct()
                .forEach(schedule -> gaps.prepare(schedule, clock.instant()));
    }

    /** Returns whether a database is done with its start. */
    public boolean ready(ConfiguredDatabase database) {
        return databases.named(database.name()).map(Database::ready).orElse(false);
    }
}
