package io.github.litestow.report;

import static io.github.litestow.ReferenceTable.literal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.ReferenceTable;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.NotifySettings;
import io.github.litestow.engine.LitestreamProducer;
import io.github.litestow.outcome.BuildInfo;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.StorageSchemes;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsReferenceTest {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\S+)(.*)$");
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");

    @TempDir
    Path folder;

    @Test
    void the_table_names_every_metric_its_type_and_its_labels() {
        assertThat(ReferenceTable.read("metrics.md", 3).get(0)).containsExactlyInAnyOrderElementsOf(rows(scrape()));
    }

    @Test
    void every_metric_says_what_it_counts() {
        assertThat(HELP.matcher(scrape()).results())
                .isNotEmpty()
                .allSatisfy(help -> assertThat(help.group(2)).as(help.group(1)).isNotBlank());
    }

    /** The registry that Quarkus 3.33 works with is the old one. */
    @SuppressWarnings("deprecation")
    private String scrape() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ConfiguredService settings = settings(100);
        Databases databases = new Databases(
                settings,
                new LitestreamProducer().litestream(settings, new StorageSchemes()),
                new ObjectMapper().findAndRegisterModules());
        RunMetrics metrics = new RunMetrics(registry, settings);
        metrics.register(new StartupEvent());
        Clock clock = Clock.systemUTC();
        new StatusMetrics(
                        registry,
                        settings,
                        new StatusService(settings, databases, clock),
                        databases,
                        clock,
                        new LaunchMode("serve", "127.0.0.1", 0))
                .register(new StartupEvent());
        NotificationMetrics.counter(registry, "slack", "delivered");
        FleetMetrics fleet = new FleetMetrics(
                registry,
                settings(0),
                new StatusService(settings, databases, clock),
                new LaunchMode("serve", "127.0.0.1", 0));
        fleet.register(new StartupEvent());
        fleet.count();
        fleet.stop(new ShutdownEvent());
        metrics.started(new BuildInfo("1", "0.5.17"));
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        metrics.ended(new RunRecord(
                "1",
                "default",
                Operation.SNAPSHOT,
                "cron",
                now,
                now,
                new Outcome.Failed(FailureKind.DISK, "look", "cause", "hint"),
                List.of()));
        return registry.scrape();
    }

    private ConfiguredService settings(int metricsPerDatabase) {
        return new ConfiguredService(
                List.of(TestDatabase.in(folder).settings(folder.resolve("replica"))),
                List.of(),
                Optional.empty(),
                Duration.ofSeconds(5),
                Optional.empty(),
                2,
                Duration.ofMinutes(1),
                metricsPerDatabase,
                true,
                NotifySettings.NOBODY,
                Optional.empty());
    }

    private static List<String> rows(String scrape) {
        Map<String, String> rows = new TreeMap<>();
        Matcher type = TYPE.matcher(scrape);
        while (type.find()) {
            String name = type.group(1);
            // Part of the summary of the same name.
            if (!name.endsWith("_seconds_max")) {
                TreeSet<String> labels = new TreeSet<>();
                String sample =
                        scrape.substring(type.end()).strip().lines().findFirst().orElseThrow();
                LABEL.matcher(sample).results().forEach(label -> labels.add(literal(label.group(1))));
                rows.put(name, ReferenceTable.row(List.of(literal(name), type.group(2), String.join(", ", labels))));
            }
        }
        return List.copyOf(rows.values());
    }
}
