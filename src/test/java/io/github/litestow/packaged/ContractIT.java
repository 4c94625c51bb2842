package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What users script against, beyond the single commands: every setting, points in time, missed slots. */
class ContractIT {
    private static final int ROWS = 50;
    private static final String SECRET = "hush-with-$-and-${b}";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Test
    void every_setting_of_the_environment_is_read_and_config_says_where_it_was_set_and_covers_secrets()
            throws IOException {
        Map<String, String> given = new TreeMap<>(Map.ofEntries(
                Map.entry("DB_SQLITE", "app.sqlite3"),
                Map.entry("LITESTOW_FOLDER", "elsewhere"),
                Map.entry("LITESTREAM_ACCESS_KEY_ID_FILE", secretFile("id")),
                Map.entry("LITESTREAM_SECRET_ACCESS_KEY_FILE", secretFile("key")),
                Map.entry("LITESTOW_SESSION_TOKEN_FILE", secretFile("session")),
                Map.entry("LITESTOW_API_TOKEN_FILE", secretFile("token")),
                // Nobody answers there, which is nothing to config.
                Map.entry("LITESTOW_S3_ENDPOINT", "http://127.0.0.1:1"),
                Map.entry("LITESTOW_S3_REGION", "eu-central-1"),
                Map.entry("LITESTOW_S3_FORCE_PATH_STYLE", "false"),
                Map.entry("LITESTOW_LITESTREAM_BINARY", "/no/such/litestream"),
                Map.entry("LITESTOW_SNAPSHOT_CRON", "*/7 * * * 1-5"),
                Map.entry("LITESTOW_SNAPSHOT_TIME_ZONE", "Europe/Berlin"),
                Map.entry("LITESTOW_SNAPSHOT_TIMEOUT", "7m"),
                Map.entry("LITESTOW_SNAPSHOT_SEAL_TIMEOUT", "3"),
                Map.entry("LITESTOW_SNAPSHOT_DELETE_LOCAL", "no"),
                Map.entry("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "0.25"),
                Map.entry("LITESTOW_SNAPSHOT_ON_SHUTDOWN", "off"),
                Map.entry("LITESTOW_SNAPSHOT_ADOPT", "yes"),
                Map.entry("LITESTOW_RETENTION_KEEP_FOR", "P1D"),
                Map.entry("LITESTOW_RETENTION_KEEP_AT_LEAST", "9"),
                Map.entry("LITESTOW_RETENTION_GRACE", "0s"),
                Map.entry("LITESTOW_RESTORE_ON_START", "false"),
                Map.entry("LITESTOW_RESTORE_REQUIRED", "true"),
                Map.entry("LITESTOW_RESTORE_ON_DAMAGE", "fallback"),
                Map.entry("LITESTOW_QUARANTINE_KEEP_FOR", "P3D"),
                Map.entry("LITESTOW_QUARANTINE_KEEP_BYTES", "1G"),
                Map.entry("LITESTOW_VERIFY_EVERY", "PT6H"),
                Map.entry("LITESTOW_LEASE_TIME", "30s"),
                Map.entry("LITESTOW_HEALTH_MAX_AGE", "1h"),
                Map.entry("LITESTOW_HEALTH_READINESS", "fresh"),
                Map.entry("LITESTOW_SHUTDOWN_GRACE", "40s"),
                Map.entry("LITESTOW_CONCURRENCY", "3")));
        given.put("REPLICA_URL", "s3://bucket/path");
        given.forEach(litestow::env);

        Ended config = litestow.run("config", "--json").with(0);

        Map<String, String> shown = new TreeMap<>();
        List.of(config.json().path("service"), config.json().path("databases").path("default"))
                .forEach(part -> part.properties().forEach(entry -> {
                    String source = entry.getValue().path("source").asText();
                    if (source.endsWith(" in the environment")) {
                        shown.put(
                                source.substring(0, source.indexOf(' ')),
                                entry.getValue().path("value").asText());
                    }
                }));
        assertThat(shown).isEqualTo(given);

        litestow.unset("LITESTOW_SESSION_TOKEN_FILE").env("LITESTOW_SESSION_TOKEN", SECRET);
        Ended person = litestow.run("config", "default").with(0);
        assertThat(person.out())
                .contains(
                        "service:", "default:", "litestow.session-token", "***", "7m", "REPLICA_URL in the environment")
                .doesNotContain("hush");
        litestow.run("config", "orders").with(2).sayingOnce("no database is named 'orders'", "Configured: default");
    }

    /** What else a moment may be, and which are refused: {@code PointInTimeTest}. */
    @Test
    void restore_goes_back_to_the_newest_point_at_or_before_a_moment() throws IOException {
        ZoneId tokyo = ZoneId.of("Asia/Tokyo");
        litestow.env("LITESTOW_SNAPSHOT_TIME_ZONE", tokyo.getId());
        Instant first = snapshot(ROWS);
        Instant second = snapshot(1);
        assertThat(second).isAfter(first);

        assertThat(restored("instant.db", first.toString())).isEqualTo(ROWS);
        assertThat(restored(
                        "local.db",
                        LocalDateTime.ofInstant(second.minusMillis(1), tokyo).toString()))
                .isEqualTo(ROWS);

        litestow.run("restore", "--if-exists", "--to", "none.db", "--at", "P1D ago")
                .with(6)
                .sayingOnce("no restore point that old", "the first is", first.toString());
        litestow.run("restore", "--at", "lately").with(2);
        assertThat(litestow.work().resolve("none.db")).doesNotExist();
    }

    @Test
    void a_mistyped_replica_is_named_with_what_to_check() {
        String place = "file://" + litestow.root().resolve("replca");
        litestow.env("REPLICA_URL", place);
        String[] words = {"nothing of a backup is at " + place + ", there is no such folder", "Check REPLICA_URL"};
        assertThat(litestow.run("list").with(0).out())
                .contains("default: no restore point")
                .contains(words);
        litestow.run("restore").with(6).sayingOnce(words);
        litestow.run("query", "--at", "golden", "SELECT 1").with(9).sayingOnce(words);
        assertThat(litestow.run("prune", "--dry-run").with(0).err()).contains(words);
        assertThat(litestow.root().resolve("replca")).doesNotExist();
    }

    @Test
    void slots_that_passed_while_the_service_was_down_are_made_up_for_by_one_run() throws IOException {
        litestow.env("LITESTOW_SNAPSHOT_CRON", "0 0 0 1 1 ?");
        snapshot(ROWS);
        // Years ago, that is some slots.
        for (String file : List.of("state.json", "runs.jsonl")) {
            Path record = litestow.state().resolve(file);
            Files.writeString(record, Files.readString(record).replaceAll("\"20\\d\\d-", "\"2021-"));
        }
        Sample.add(litestow.database(), 1);

        Service service = litestow.serve().awaitReady().awaitRuns("snapshot", "offloaded", 1);
        service.terminate();

        assertThat(Files.readAllLines(litestow.state().resolve("runs.jsonl")).stream()
                        .filter(run -> run.contains("\"SNAPSHOT\"") || run.contains("\"snapshot\""))
                        .filter(run -> run.contains("\"start-up\"")))
                .hasSize(1);
        assertThat(Replicas.rows(litestow)).isEqualTo(ROWS + 1);

        assertThat(litestow.serve().awaitReady().terminate().err()).doesNotContain("were missed");
    }

    private String secretFile(String name) throws IOException {
        return Files.writeString(litestow.root().resolve(name), SECRET).toString();
    }

    private Instant snapshot(int rows) {
        Sample.add(litestow.database(), rows);
        JsonNode run = litestow.run("snapshot", "--keep", "--json").with(0).firstRun();
        return Instant.parse(run.path("result").path("point").path("time").asText());
    }

    private int restored(String file, String moment) {
        litestow.run("restore", "--to", file, "--at", moment).with(0);
        return Sample.rows(litestow.work().resolve(file));
    }
}
