package io.github.litestow.service;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.Schedule;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Says in the log, at the start of the service, what it is about to do: where, with what, and when. */
@ApplicationScoped
public class StartNotice {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.start");

    /** The JSON settings of the log as Quarkus 3.33 knows them; one more letter, and nothing happens. */
    private static final Pattern JSON = Pattern.compile("QUARKUS_LOG_(CONSOLE|FILE|SYSLOG|SOCKET)_JSON_(ENABLED"
            + "|PRETTY_PRINT|DATE_FORMAT|RECORD_DELIMITER|ZONE_ID|EXCEPTION_OUTPUT_TYPE|PRINT_DETAILS|KEY_OVERRIDES"
            + "|EXCLUDED_KEYS|LOG_FORMAT|ADDITIONAL_FIELD_.+)");

    /** Whoever has more of them asks {@code config} or {@code status}. */
    private static final int MAX_DATABASES = 20;

    private final ConfiguredService settings;
    private final LaunchMode launchMode;
    private final Clock clock;

    /** Wires the notice. */
    public StartNotice(ConfiguredService settings, LaunchMode launchMode, Clock clock) {
        this.settings = settings;
        this.launchMode = launchMode;
        this.clock = clock;
    }

    void started(@Observes StartupEvent event) {
        if (launchMode.serving()) {
            withoutEffect(System.getenv().keySet()).forEach(LOG::warn);
            lines(TimeText.at(clock)).forEach(LOG::info);
        }
    }

    /** What was set for a log in JSON and is not. */
    static List<String> withoutEffect(Set<String> environment) {
        return environment.stream()
                .filter(name -> name.startsWith("QUARKUS_LOG_") && name.contains("JSON"))
                .filter(name -> !JSON.matcher(name).matches())
                .sorted()
                .map(name -> name + " has no effect; QUARKUS_LOG_CONSOLE_JSON_ENABLED=true makes the log JSON")
                .toList();
    }

    List<String> lines(TimeText times) {
        List<String> lines = new ArrayList<>();
        lines.add((settings.page() ? "the page is at " : "") + launchMode.address() + (settings.page() ? "/" : "")
                + ", actions over HTTP are "
                + (settings.apiToken().isPresent() ? "on" : "off: LITESTOW_API_TOKEN is not set"));
        List<ConfiguredDatabase> databases = settings.databases();
        databases.stream().limit(MAX_DATABASES).map(one -> line(one, times)).forEach(lines::add);
        if (databases.size() > MAX_DATABASES) {
            lines.add(
                    "and " + (databases.size() - MAX_DATABASES) + " more databases: `litestow config` names them all");
        }
        return lines;
    }

    private static String line(ConfiguredDatabase database, TimeText times) {
        return database.name() + ": " + database.database()
                + ", " + (database.snapshot().deleteLocal() ? "deleted when it is proven" : "kept")
                + "; replica " + database.replica().url()
                + "; "
                + database.schedule().map(schedule -> cron(schedule, times)).orElse("no cron");
    }

    private static String cron(Schedule schedule, TimeText times) {
        return "cron " + schedule.cron()
                + schedule.next(times.now())
                        .map(next -> ", next " + times.of(next))
                        .orElse("");
    }
}
