package io.github.litestow.report;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.run.LaunchMode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The metrics of many databases together, and of the worst of them by name, so that a scrape stays small
 * however many there are. What has no series of its own by {@link StatusMetrics} is shown here: all of it up
 * to {@code metrics.per-database}, above that the ten worst.
 */
@ApplicationScoped
public class FleetMetrics {
    private static final Duration COUNT_EVERY = Duration.ofSeconds(30);

    private final MeterRegistry registry;
    private final ConfiguredService settings;
    private final StatusService status;
    private final LaunchMode launchMode;
    private final DaemonThreads counting = new DaemonThreads("metrics", 1);
    private final MultiGauge ages;
    private final MultiGauge failing;

    /** Registers in {@code registry}. */
    public FleetMetrics(
            MeterRegistry registry, ConfiguredService settings, StatusService status, LaunchMode launchMode) {
        this.registry = registry;
        this.settings = settings;
        this.status = status;
        this.launchMode = launchMode;
        this.ages = MultiGauge.builder("litestow.worst.backup.age.seconds")
                .description("age of the backups of databases without series of their own, of the worst where many")
                .register(registry);
        this.failing = MultiGauge.builder("litestow.worst.failing")
                .description("1 while the last failure is not mended, of the same databases")
                .register(registry);
    }

    /** Returns whether databases that are configured by themselves have series of their own. */
    static boolean oneByOne(ConfiguredService settings) {
        return settings.databases().size() <= settings.metricsPerDatabase();
    }

    /** Registers the counts; the worst are looked for now and then. */
    void register(@Observes StartupEvent start) {
        for (BackupState state : BackupState.values()) {
            Gauge.builder("litestow.databases", () -> status.fleet().states().get(state))
                    .description("how many databases are in this state")
                    .tag("state", state.label())
                    .register(registry);
        }
        gauge("litestow.databases.offloaded", "how many databases are offloaded", FleetStatus::offloaded);
        gauge(
                "litestow.databases.failing",
                "how many databases have a last failure that is not mended",
                FleetStatus::failing);
        gauge("litestow.databases.alarming", "how many databases give reason for alarm", FleetStatus::alarming);
        gauge(
                "litestow.databases.proof.overdue",
                "of how many databases the proof is older than promised",
                FleetStatus::proofOverdue);
        gauge(
                "litestow.oldest.backup.age.seconds",
                "the greatest age of a backup of all databases",
                FleetStatus::oldestSeconds);
        if (launchMode.serving() && (!settings.groups().isEmpty() || !oneByOne(settings))) {
            counting.every(COUNT_EVERY, this::count);
        }
    }

    void stop(@Observes ShutdownEvent end) {
        counting.close();
    }

    private void gauge(String name, String description, ToDoubleFunction<FleetStatus> figure) {
        Gauge.builder(name, () -> figure.applyAsDouble(status.fleet()))
                .description(description)
                .register(registry);
    }

    /** Shows the databases that have no series of their own. */
    void count() {
        FleetStatus fleet = status.fleet();
        boolean all = fleet.total() <= settings.metricsPerDatabase();
        Stream<DatabaseStatus> shown = all ? status.all().stream() : fleet.worst().stream();
        List<DatabaseStatus> rows =
                shown.filter(one -> !oneByOne(settings) || !single(one)).toList();
        ages.register(
                rows.stream()
                        .map(one -> MultiGauge.Row.of(
                                tags(one), one.backup().ageSeconds().orElse(0L)))
                        .toList(),
                true);
        failing.register(
                rows.stream()
                        .map(one ->
                                MultiGauge.Row.of(tags(one), one.lastFailure().isPresent() ? 1 : 0))
                        .toList(),
                true);
    }

    private boolean single(DatabaseStatus one) {
        return settings.databases().stream()
                .anyMatch(database -> database.name().equals(one.backup().database()));
    }

    private static Tags tags(DatabaseStatus one) {
        return Tags.of("database", one.backup().database());
    }
}
