package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.BuildInfo;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.RunStatistics;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** The metrics of the outside contract; label values are the type names in lower snake case. */
@ApplicationScoped
public class RunMetrics {
    private final MeterRegistry registry;
    private final ConfiguredService settings;
    private final StatusService status;
    private final Databases databases;
    private final Map<Tags, AtomicLong> failures = new ConcurrentHashMap<>();

    /** Registers in {@code registry}. */
    public RunMetrics(MeterRegistry registry, ConfiguredService settings, StatusService status, Databases databases) {
        this.registry = registry;
        this.settings = settings;
        this.status = status;
        this.databases = databases;
    }

    /** Registers what is read when it is asked for; a value that is not known is NaN. */
    void register(@Observes StartupEvent start) {
        for (ConfiguredDatabase database : settings.databases()) {
            registerStatistics(database);
            for (Operation operation : Operation.values()) {
                Gauge.builder(
                                "litestow.last.success.timestamp.seconds",
                                seconds(() -> lastSuccess(database, operation)))
                        .description("when the last successful run of this kind ended")
                        .tag("database", database.name())
                        .tag("operation", operation.label())
                        .strongReference(true)
                        .register(registry);
            }
            Gauge.builder(
                            "litestow.next.run.timestamp.seconds",
                            seconds(() -> backup(database).flatMap(BackupStatus::nextRun)))
                    .description("when cron starts the next snapshot")
                    .tag("database", database.name())
                    .strongReference(true)
                    .register(registry);
            Gauge.builder("litestow.lease.held", () -> leaseHeld(database))
                    .description("1 while this process has the right to write to the replica")
                    .tag("database", database.name())
                    .strongReference(true)
                    .register(registry);
            Gauge.builder(
                            "litestow.backup.age.seconds",
                            number(() -> backup(database).flatMap(BackupStatus::ageSeconds)))
                    .description("how long the local database may have held what the replica does not")
                    .tag("database", database.name())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private void registerStatistics(ConfiguredDatabase database) {
        Tags tags = Tags.of("database", database.name());
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
        uploaded(tags);
        sealed(tags);
    }

    private void statistic(
            String name,
            String description,
            ConfiguredDatabase database,
            Function<RunStatistics, Optional<Long>> statistic) {
        Gauge.builder(
                        name,
                        number(() ->
                                state(database).map(DatabaseState::statistics).flatMap(statistic)))
                .description(description)
                .tag("database", database.name())
                .strongReference(true)
                .register(registry);
    }

    private Counter uploaded(Tags tags) {
        return Counter.builder("litestow.uploaded.bytes")
                .description("what runs added to the replica, as its listing shows it")
                .tags(tags)
                .register(registry);
    }

    private Timer sealed(Tags tags) {
        return Timer.builder("litestow.seal")
                .description("how long nobody else could use the database")
                .tags(tags)
                .register(registry);
    }

    /** Reports, as labels of a metric that is always 1, what runs here. */
    void started(@Observes BuildInfo versions) {
        Gauge.builder("litestow.info", () -> 1)
                .description("what runs here")
                .tag("version", versions.litestow())
                .tag("litestream", versions.litestream())
                .strongReference(true)
                .register(registry);
    }

    /** Counts an ended run. */
    void ended(@Observes RunRecord run) {
        registry.counter(
                        "litestow.runs",
                        "database",
                        run.database(),
                        "operation",
                        run.operation().label(),
                        "outcome",
                        run.result().label())
                .increment();
        if (run.result().skipReason().isPresent()) {
            return;
        }
        Counter.builder("litestow.run.warnings")
                .description("what runs could not do besides, pruning for example")
                .tag("database", run.database())
                .tag("operation", run.operation().label())
                .register(registry)
                .increment(run.warnings().size());
        Tags tags = Tags.of("database", run.database());
        run.statistics().uploadedBytes().ifPresent(bytes -> uploaded(tags).increment(bytes));
        run.statistics()
                .sealSeconds()
                .ifPresent(seconds -> sealed(tags).record(Math.round(seconds * 1e9), TimeUnit.NANOSECONDS));
        Timer.builder("litestow.run.duration")
                .description("how long runs took")
                .tag("database", run.database())
                .tag("operation", run.operation().label())
                .register(registry)
                .record(run.duration().toNanos(), TimeUnit.NANOSECONDS);
        run.result()
                .failure()
                .ifPresent(failed -> lastFailure(run, failed).set(run.finished().toEpochMilli()));
    }

    private AtomicLong lastFailure(RunRecord run, Outcome.Failed failed) {
        Tags tags = Tags.of(
                "database",
                run.database(),
                "operation",
                run.operation().label(),
                "kind",
                failed.kind().label());
        return failures.computeIfAbsent(tags, absent -> {
            AtomicLong time = new AtomicLong();
            Gauge.builder("litestow.last.failure.timestamp.seconds", time, millis -> millis.get() / 1000.0)
                    .description("when a run last failed in this way")
                    .tags(tags)
                    .register(registry);
            return time;
        });
    }

    private int leaseHeld(ConfiguredDatabase database) {
        return databases.named(database.name()).map(Database::leaseHeld).orElse(false) ? 1 : 0;
    }

    private Optional<DatabaseState> state(ConfiguredDatabase database) {
        return databases.named(database.name()).map(one -> one.journal().state());
    }

    private Optional<Instant> lastSuccess(ConfiguredDatabase database, Operation operation) {
        if (operation == Operation.SNAPSHOT) {
            return backup(database).flatMap(BackupStatus::lastSuccess);
        }
        if (operation == Operation.VERIFY) {
            // A proof by whatever run counts: snapshots prove before they delete.
            return status.past(
                    backup(database).flatMap(BackupStatus::lastProven).map(RestorePoint::time));
        }
        return status.past(
                state(database).map(state -> state.lastSuccess().get(operation)).map(RunRecord::finished));
    }

    private Optional<BackupStatus> backup(ConfiguredDatabase database) {
        return status.of(database).map(DatabaseStatus::backup);
    }

    private static Supplier<Number> seconds(Supplier<Optional<Instant>> time) {
        return number(() -> time.get().map(instant -> instant.toEpochMilli() / 1000.0));
    }

    private static <T extends Number> Supplier<Number> number(Supplier<Optional<T>> value) {
        return () -> value.get().map(Number.class::cast).orElse(Double.NaN);
    }
}
