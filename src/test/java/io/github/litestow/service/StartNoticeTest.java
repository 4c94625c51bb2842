package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.TestConfig;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartNoticeTest {
    private static final TimeText TIMES = new TimeText(Instant.parse("2026-11-21T12:01:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void the_log_says_path_replica_cron_next_run_what_becomes_of_the_file_and_whether_there_is_a_token() {
        ConfiguredDatabase database = TestDatabase.in(folder).settings(folder.resolve("replica"));
        ConfiguredDatabase kept = TestConfig.with(database, "snapshot.deleteLocal", false);

        List<String> lines = notice(List.of(database, kept)).lines(TIMES);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("http://0.0.0.0:8080", "off", "LITESTOW_API_TOKEN");
        assertThat(lines.get(1))
                .contains(
                        database.database().toString(),
                        "deleted when it is proven",
                        "replica file://" + folder.resolve("replica"));
        assertThat(lines.get(2)).contains("kept");
        assertThat(lines.get(1) + lines.get(2)).doesNotContain("Optional");
    }

    @Test
    void of_very_many_databases_it_names_the_first() {
        ConfiguredDatabase database = TestDatabase.in(folder).settings(folder.resolve("replica"));

        assertThat(notice(Collections.nCopies(1_000, database)).lines(TIMES))
                .hasSize(22)
                .last()
                .asString()
                .contains("980 more");
    }

    @Test
    void a_setting_for_a_log_in_json_that_has_no_effect_is_named() {
        assertThat(StartNotice.withoutEffect(Set.of(
                        "QUARKUS_LOG_CONSOLE_JSON",
                        "QUARKUS_LOG_JSON",
                        "QUARKUS_LOG_CONSOLE_JSON_ENABLED",
                        "QUARKUS_LOG_CONSOLE_JSON_ADDITIONAL_FIELD_HOST_VALUE",
                        "QUARKUS_LOG_LEVEL")))
                .hasSize(2)
                .allMatch(line -> line.contains("QUARKUS_LOG_CONSOLE_JSON_ENABLED=true"));
    }

    private static StartNotice notice(List<ConfiguredDatabase> databases) {
        ConfiguredService settings =
                new ConfiguredService(databases, Optional.empty(), Duration.ofSeconds(5), Optional.empty(), 2);
        return new StartNotice(settings, new LaunchMode("serve", "0.0.0.0", 8080), Clock.systemUTC());
    }
}
