package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.outcome.BuildInfo;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The metrics of runs; label values are the type names in lower snake case. {@link StatusMetrics} has the others. */
@ApplicationScoped
public class RunMetrics {
    private final MeterRegistry registry;
    private final ConfiguredService settings;
    private final Map<Tags, AtomicLong> failures = new ConcurrentHashMap<>();

    /** Registers in {@code registry}. */
    public RunMetrics(MeterRegistry registry, ConfiguredService settings) {
        this.registry = registry;
        this.settings = settings;
    }

    /** Has every counter begin at zero: what first appears with a failure was never seen to rise. */
    void register(@Observes StartupEvent start) {
        Stream.concat(
                        settings.databases().stream().map(ConfiguredDatabase::name),
                        settings.groups().stream().map(group -> group.fullName("*")))
                .map(this::shown)
                .distinct()
                .forEach(this::register);
    }

    private void register(String database) {
        for (Operation operation : Operation.values()) {
            outcomes(operation).forEach(outcome -> runs(database, operation, outcome.label()));
            warnings(database, operation);
        }
        Tags tags = Tags.of("database", database);
        uploaded(tags);
        sealed(tags);
    }

    /** Returns under which name a database's runs are counted: those of a group together, as do too many. */
    private String shown(String database) {
        boolean single =
                settings.databases().stream().anyMatch(one -> one.name().equals(database));
        if (single) {
            return FleetMetrics.oneByOne(settings) ? database : "*";
        }
        return settings.groups().stream()
                .filter(group -> group.memberOf(database).isPresent())
                .map(group -> group.fullName("*"))
                .reduce((shorter, longer) -> longer.length() > shorter.length() ? longer : shorter)
                .orElse(database);
    }

    /** Returns how runs of an operation can end. */
    private static Set<Outcome.Case> outcomes(Operation operation) {
        return switch (operation) {
            case SNAPSHOT ->
                EnumSet.of(
                        Outcome.Case.OFFLOADED,
                        Outcome.Case.SNAPSHOTTED,
                        Outcome.Case.UNCHANGED,
                        Outcome.Case.NOTHING_TO_SNAPSHOT,
                        Outcome.Case.VERIFIED,
                        Outcome.Case.SKIPPED,
                        Outcome.Case.FAILED);
            case RESTORE ->
                EnumSet.of(
                        Outcome.Case.RESTORED,
                        Outcome.Case.ALREADY_PRESENT,
                        Outcome.Case.NOTHING_TO_RESTORE,
                        Outcome.Case.SKIPPED,
                        Outcome.Case.FAILED);
            case VERIFY ->
                EnumSet.of(
                        Outcome.Case.VERIFIED,
                        Outcome.Case.NOTHING_TO_RESTORE,
                        Outcome.Case.SKIPPED,
                        Outcome.Case.FAILED);
        };
    }

    private Counter runs(String database, Operation operation, String outcome) {
        return Counter.builder("litestow.runs")
                .description("how runs ended")
                .tag("database", database)
                .tag("operation", operation.label())
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter warnings(String database, Operation operation) {
        return Counter.builder("litestow.run.warnings")
                .description("what runs could not do besides, pruning for example")
                .tag("database", database)
                .tag("operation", operation.label())
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
        String database = shown(run.database());
        runs(database, run.operation(), run.result().label()).increment();
        if (run.result().skipReason().isPresent()) {
            return;
        }
        warnings(database, run.operation()).increment(run.warnings().size());
        Tags tags = Tags.of("database", database);
        run.statistics().uploadedBytes().ifPresent(bytes -> uploaded(tags).increment(bytes));
        run.statistics()
                .sealSeconds()
                .ifPresent(seconds -> sealed(tags).record(Math.round(seconds * 1e9), TimeUnit.NANOSECONDS));
        Timer.builder("litestow.run.duration")
                .description("how long runs took")
                .tag("database", database)
                .tag("operation", run.operation().label())
                .register(registry)
                .record(run.duration().toNanos(), TimeUnit.NANOSECONDS);
        run.result()
                .failure()
                .ifPresent(failed ->
                        lastFailure(database, run, failed).set(run.finished().toEpochMilli()));
    }

    private AtomicLong lastFailure(String database, RunRecord run, Outcome.Failed failed) {
        Tags tags = Tags.of(
                "database",
                database,
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
}
