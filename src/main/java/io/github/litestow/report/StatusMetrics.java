package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RunStatistics;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.SnapshotSlots;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The metrics that say how each database is doing, read when they are asked for. What an alert compares
 * with is among them, so that the rules follow schedule and settings and hold no figures of their own.
 */
@ApplicationScoped
public class StatusMetrics {
    private static final List<ConfiguredDatabase> NONE = List.of();

    private final MeterRegistry registry;
    private final ConfiguredService settings;
    private final StatusService status;
    private final Databases databases;
    private final Clock clock;
    private final LaunchMode launchMode;

    /** Registers in {@code registry}. */
    public StatusMetrics(
            MeterRegistry registry,
            ConfiguredService settings,
            StatusService status,
            Databases databases,
            Clock clock,
            LaunchMode launchMode) {
        this.registry = registry;
        this.settings = settings;
        this.status = status;
        this.databases = databases;
        this.clock = clock;
        this.launchMode = launchMode;
    }

    /** Registers; a value that is not known is NaN. */
    void register(@Observes StartupEvent start) {
        Instant started = clock.instant();
        if (launchMode.serving()) {
            status.prepare();
        }
        for (ConfiguredDatabase database : FleetMetrics.oneByOne(settings) ? settings.databases() : NONE) {
            registerBackup(database);
            registerSchedule(database, started);
            registerStatistics(database);
            for (Operation operation : Operation.values()) {
                register(
                        Gauge.builder("litestow.last.success.timestamp.seconds", lastSuccess(database, operation))
                                .description("when the last successful run of this kind ended; 0 while there was none")
                                .tag("operation", operation.label()),
                        database);
                register(
                        Gauge.builder("litestow.failing", () -> failing(database, operation) ? 1 : 0)
                                .description("1 while the last failure is not mended")
                                .tag("operation", operation.label()),
                        database);
            }
            register(
                    Gauge.builder("litestow.lease.held", () -> leaseHeld(database) ? 1 : 0)
                            .description("1 while this process has the right to write to the replica"),
                    database);
        }
    }

    private void registerBackup(ConfiguredDatabase database) {
        register(
                Gauge.builder(
                                "litestow.backup.age.seconds",
                                number(() -> backup(database).flatMap(BackupStatus::ageSeconds)))
                        .description("how long the local database may have held what the replica does not"),
                database);
        register(
                Gauge.builder(
                                "litestow.backup.max.age.seconds",
                                number(() -> backup(database).flatMap(BackupStatus::maxAgeSeconds)))
                        .description("the age above which the backup is stale"),
                database);
        register(
                Gauge.builder("litestow.nothing.yet", () -> nothingYet(database) ? 1 : 0)
                        .description("1 while nothing is backed up: no database here, no restore point at the replica"),
                database);
    }

    private void registerSchedule(ConfiguredDatabase database, Instant started) {
        register(
                Gauge.builder(
                                "litestow.next.run.timestamp.seconds",
                                seconds(() -> backup(database).flatMap(BackupStatus::nextRun)))
                        .description("when cron starts the next snapshot"),
                database);
        register(
                Gauge.builder("litestow.slot.due.timestamp.seconds", seconds(() -> due(database, started)))
                        .description("since when a slot of the cron is due for which no snapshot has begun"),
                database);
    }

    private void registerStatistics(ConfiguredDatabase database) {
        statistic(
                "litestow.database.bytes",
                "size of the database when a run last saw it",
                database,
                RunStatistics::databaseBytes);
        statistic(
                "litestow.replica.bytes",
                "size of the engine's files at the replica when a run last listed them",
                database,
                RunStatistics::replicaBytes);
        statistic(
                "litestow.replica.objects",
                "number of the engine's files at the replica when a run last listed them",
                database,
                RunStatistics::replicaObjects);
        statistic(
                "litestow.restore.points",
                "number of restore points when a run last looked them up",
                database,
                RunStatistics::restorePoints);
    }

    private void statistic(
            String name,
            String description,
            ConfiguredDatabase database,
            Function<RunStatistics, Optional<Long>> statistic) {
        register(
                Gauge.builder(
                                name,
                                number(() -> state(database)
                                        .map(DatabaseState::statistics)
                                        .flatMap(statistic)))
                        .description(description),
                database);
    }

    private void register(Gauge.Builder<?> gauge, ConfiguredDatabase database) {
        gauge.tag("database", database.name()).strongReference(true).register(registry);
    }

    /** Never is long ago: an alert on what has been missing for too long rings for what never was, too. */
    private Supplier<Number> lastSuccess(ConfiguredDatabase database, Operation operation) {
        return () -> status.past(state(database).flatMap(state -> LastSuccess.of(operation, state)))
                .map(StatusMetrics::seconds)
                .orElse(0.0);
    }

    private boolean failing(ConfiguredDatabase database, Operation operation) {
        return state(database)
                .filter(state -> state.lastFailure().containsKey(operation))
                .isPresent();
    }

    private boolean nothingYet(ConfiguredDatabase database) {
        return databases.named(database.name()).filter(Database::nothingYet).isPresent();
    }

    private boolean leaseHeld(ConfiguredDatabase database) {
        return databases.named(database.name()).filter(Database::leaseHeld).isPresent();
    }

    private Optional<Instant> due(ConfiguredDatabase database, Instant started) {
        return databases
                .named(database.name())
                .flatMap(one -> database.schedule()
                        .flatMap(schedule -> SnapshotSlots.due(
                                schedule, one.journal(), one.currentRun().own(), started, clock.instant())));
    }

    private Optional<DatabaseState> state(ConfiguredDatabase database) {
        return databases.named(database.name()).map(one -> one.journal().state());
    }

    private Optional<BackupStatus> backup(ConfiguredDatabase database) {
        return status.of(database).map(DatabaseStatus::backup);
    }

    private static Supplier<Number> seconds(Supplier<Optional<Instant>> time) {
        return number(() -> time.get().map(StatusMetrics::seconds));
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }

    private static <T extends Number> Supplier<Number> number(Supplier<Optional<T>> value) {
        return () -> value.get().map(Number.class::cast).orElse(Double.NaN);
    }
}
