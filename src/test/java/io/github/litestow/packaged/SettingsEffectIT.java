package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What each row of {@code docs/reference/settings.md} does to the packaged program, where no test of
 * its subject shows that already: keys and secrets do in {@link SettingsIT} and the S3 round trips,
 * the shutdown in {@link SigtermIT}, the maximal age in {@link ServiceIT}, the lease in {@link
 * HandOverIT}.
 */
class SettingsEffectIT {
    private static final int ROWS = 50;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Nested
    class Place {
        @Test
        void every_ending_of_a_database_is_served() throws IOException {
            litestow.env("DB_SQLITE", "app.db3")
                    .env("LITESTOW_DATABASES_ORDERS_PATH", "orders.sqlite3")
                    .env("LITESTOW_DATABASES_ORDERS_REPLICA_URL", other("orders"))
                    .env("LITESTOW_DATABASES_STOCK_PATH", "stock.db")
                    .env("LITESTOW_DATABASES_STOCK_REPLICA_URL", other("stock"));
            List<Path> databases = Stream.of("app.db3", "orders.sqlite3", "stock.db")
                    .map(litestow.data()::resolve)
                    .toList();
            databases.forEach(database -> Sample.add(database, ROWS));

            litestow.run("snapshot").with(0);

            assertThat(databases).allSatisfy(database -> assertThat(database).doesNotExist());
            assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
        }

        @Test
        void the_engine_on_the_path_is_used_where_none_is_named() {
            Sample.add(litestow.database(), ROWS);
            EngineScript engine = EngineScript.in(litestow);
            litestow.unset("LITESTOW_LITESTREAM_BINARY")
                    .env("PATH", litestow.root().resolve("engine") + ":" + System.getenv("PATH"));

            litestow.run("snapshot").with(0);

            assertThat(engine.calls("replicate")).isEqualTo(1);
        }
    }

    @Nested
    class Store {
        @Test
        void the_session_token_comes_from_its_file_and_requests_are_signed_for_the_region() throws IOException {
            Path token = Files.writeString(litestow.root().resolve("session"), "temporary\n");
            keys().env("LITESTOW_SESSION_TOKEN_FILE", token.toString()).env("LITESTOW_S3_REGION", "eu-north-1");
            try (RefusingStore store = new RefusingStore()) {
                litestow.env("LITESTOW_S3_ENDPOINT", store.address())
                        .run("list")
                        .with(4);

                assertThat(store.headers("X-Amz-Security-Token")).isNotEmpty().containsOnly("temporary");
                assertThat(store.headers("Authorization")).allMatch(header -> header.contains("/eu-north-1/s3/"));
            }
        }

        @Test
        void without_path_style_the_bucket_stands_in_the_host_name() {
            // No name below .invalid is ever found (RFC 6761), so the failure tells who was asked.
            keys().env("LITESTOW_S3_ENDPOINT", "http://s3.invalid:9").env("LITESTOW_S3_REGION", "eu-north-1");

            litestow.env("LITESTOW_S3_FORCE_PATH_STYLE", "false")
                    .run("list")
                    .with(5)
                    .sayingOnce("unknown host bucket.s3.invalid");
        }

        private PackagedProgram keys() {
            return litestow.env("REPLICA_URL", "s3://bucket/path")
                    .env("LITESTREAM_ACCESS_KEY_ID", "AKIDLITESTOWTEST")
                    .env("LITESTREAM_SECRET_ACCESS_KEY", "a-secret-of-this-test");
        }
    }

    @Nested
    class Snapshots {
        @Test
        void the_cron_may_have_five_or_seven_fields_or_be_off_and_goes_by_its_zone() throws IOException {
            Files.createDirectories(litestow.work().resolve("config"));
            Files.writeString(litestow.work().resolve("config/application.yaml"), """
                    litestow:
                      snapshot:
                        cron: "0 3 * * *"
                      databases:
                        both-days: {path: both.db, replica-url: "%1$s/1", snapshot: {cron: "0 3 13 * 5"}}
                        quartz: {path: quartz.db, replica-url: "%1$s/2", snapshot: {cron: "0 30 4 * * ? *"}}
                        tokyo: {path: tokyo.db, replica-url: "%1$s/3", snapshot: {time-zone: Asia/Tokyo}}
                        without: {path: without.db, replica-url: "%1$s/4", snapshot: {cron: off}}
                    """.formatted(other("cron")));
            Map<String, String> next = new HashMap<>();

            litestow.run("status", "--json")
                    .with(0)
                    .json()
                    .path("databases")
                    .forEach(status -> next.put(
                            status.path("database").asText(),
                            status.path("nextRun").asText()));

            assertThat(next.get("default")).endsWith("T03:00:00Z");
            assertThat(next.get("both-days")).endsWith("T03:00:00Z");
            assertThat(next.get("quartz")).endsWith("T04:30:00Z");
            assertThat(next.get("tokyo")).endsWith("T18:00:00Z");
            assertThat(next.get("without")).isEmpty();
        }

        @Test
        void the_seal_timeout_is_how_long_a_reader_is_waited_for() throws SQLException {
            Sample.add(litestow.database(), ROWS);
            Api api = new Api(quietly()
                    .env("LITESTOW_SNAPSHOT_SEAL_TIMEOUT", PackagedProgram.PATIENCE.toString())
                    .serve()
                    .awaitReady());
            Api.Answer begun;
            try (Connection application = Sample.connect(litestow.database());
                    Statement statement = application.createStatement()) {
                statement.executeUpdate("PRAGMA journal_mode = WAL");
                statement.executeQuery("SELECT count(*) FROM item").close();
                begun = api.begin("snapshots").with(202);
                patiently().until(() -> step(api, "default").equals("seal"));
            }

            assertThat(api.ended(begun).path("outcome").asText()).isEqualTo("offloaded");
        }

        @Test
        void the_shrink_limit_is_how_small_a_database_may_become() throws SQLException {
            Sample.add(litestow.database(), 60 * ROWS);
            litestow.run("snapshot", "--keep").with(0);
            try (Connection application = Sample.connect(litestow.database());
                    Statement statement = application.createStatement()) {
                statement.executeUpdate("DELETE FROM item WHERE id > " + 40 * ROWS);
                statement.execute("VACUUM");
            }

            litestow.env("LITESTOW_SNAPSHOT_SHRINK_LIMIT", "100%")
                    .run("snapshot")
                    .with(9)
                    .sayingOnce("refused", "shrink limit of 100%");

            assertThat(Sample.rows(litestow.database())).isEqualTo(40 * ROWS);
        }

        @Test
        void adopt_lets_a_file_that_is_built_anew_become_the_head() {
            Replicas.upload(litestow, ROWS);
            Sample.add(litestow.database(), 3);

            litestow.env("LITESTOW_SNAPSHOT_ADOPT", "true").run("snapshot").with(0);

            assertThat(Replicas.rows(litestow)).isEqualTo(3);
        }

        @Test
        void a_database_that_stays_is_proven_as_often_as_verify_every_says() {
            litestow.env("LITESTOW_DATABASES_OFTEN_PATH", "often.db")
                    .env("LITESTOW_DATABASES_OFTEN_REPLICA_URL", other("often"))
                    .env("LITESTOW_DATABASES_OFTEN_VERIFY_EVERY", "PT0.001S");

            assertThat(assuranceAfterAChange()).as("the first time").containsExactly("proven", "proven");
            assertThat(assuranceAfterAChange()).as("within a day").containsExactly("confirmed", "proven");
        }

        /** Of the two databases, in the order of their names. */
        private List<String> assuranceAfterAChange() {
            Sample.add(litestow.database(), ROWS);
            Sample.add(litestow.data().resolve("often.db"), ROWS);
            return litestow.run("snapshot", "--keep", "--json").with(0).json().findValuesAsText("assurance");
        }

        @Test
        void so_many_engines_upload_at_once_and_the_others_wait_for_their_turn() {
            EngineScript engine = EngineScript.in(litestow).on("replicate", Does.HOLD_BEFORE);
            quietly().env("LITESTOW_CONCURRENCY", "2");
            List<String> names = List.of("default", "orders", "stock");
            Sample.add(litestow.database(), ROWS);
            for (String name : names.subList(1, 3)) {
                String prefix = "LITESTOW_DATABASES_" + name.toUpperCase(Locale.ROOT);
                litestow.env(prefix + "_PATH", name + ".db").env(prefix + "_REPLICA_URL", other(name));
                Sample.add(litestow.data().resolve(name + ".db"), ROWS);
            }
            Api api = new Api(litestow.serve().awaitReady());

            List<Api.Answer> begun = names.stream()
                    .map(name -> api.post(Api.DATABASES + "/" + name + "/snapshots", Api.WITH_TOKEN, "")
                            .with(202))
                    .toList();
            patiently()
                    .during(Duration.ofMillis(500))
                    .until(() -> names.stream().allMatch(name -> step(api, name).equals("replicate"))
                            && engine.calls("replicate") == 2);
            engine.release("replicate");

            assertThat(begun)
                    .allSatisfy(run ->
                            assertThat(api.ended(run).path("outcome").asText()).isEqualTo("offloaded"));
        }
    }

    @Nested
    class Retention {
        @Test
        void each_row_by_itself_keeps_what_the_others_would_let_go() throws IOException {
            Replicas.upload(litestow, ROWS);
            Replicas.upload(litestow, 1);
            Replicas.upload(litestow, 1, "-force-snapshot");
            litestow.env("LITESTOW_RETENTION_KEEP_FOR", "PT0S")
                    .env("LITESTOW_RETENTION_KEEP_AT_LEAST", "1")
                    .env("LITESTOW_RETENTION_GRACE", "PT0S");
            sameReplica("young", "RETENTION_KEEP_FOR", "P1D");
            sameReplica("few", "RETENTION_KEEP_AT_LEAST", "3");
            sameReplica("late", "RETENTION_GRACE", "PT1H");

            JsonNode plan = litestow.run("prune", "--dry-run", "--json").with(0).json();

            Map<String, Boolean> pruned = new TreeMap<>();
            plan.path("databases")
                    .forEach(database -> pruned.put(
                            database.path("database").asText(),
                            !database.path("files").isEmpty()));
            assertThat(pruned).isEqualTo(Map.of("default", true, "few", false, "late", false, "young", false));
        }
    }

    @Nested
    class Restores {
        private static final DateTimeFormatter NAME =
                DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSX").withZone(ZoneOffset.UTC);

        @Test
        void without_on_start_a_missing_database_stays_missing_and_the_service_is_ready() {
            Replicas.upload(litestow, ROWS);

            Service service =
                    quietly().env("LITESTOW_RESTORE_ON_START", "false").serve().awaitReady();

            assertThat(service.runs("restore", "restored")).isZero();
            assertThat(litestow.database()).doesNotExist();
        }

        @Test
        void without_on_start_the_look_at_a_database_leaves_no_copy_of_sqlites_library_behind() throws IOException {
            Path temporary = Files.createDirectory(litestow.root().resolve("temporary"));
            Sample.add(litestow.database(), ROWS);

            quietly()
                    .env("LITESTOW_RESTORE_ON_START", "false")
                    .env("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary)
                    .serve()
                    .awaitReady();

            try (Stream<Path> entries = Files.list(temporary)) {
                assertThat(entries).as("the one copy is in a folder").allMatch(Files::isDirectory);
            }
        }

        @Test
        void where_a_restore_is_required_an_empty_replica_keeps_the_service_down() {
            Service service = quietly()
                    .env("LITESTOW_RESTORE_REQUIRED", "true")
                    .serve()
                    .awaitOpen()
                    .awaitRuns("restore", "failed", 1);

            assertThat(service.status(Service.STARTED)).isEqualTo(503);
            assertThat(service.status(Service.READY)).isEqualTo(503);
            assertThat(service.data(Service.STARTED).path("lastFailure").asText())
                    .startsWith("replica_missing");
            assertThat(service.process().err()).contains("LITESTOW_RESTORE_REQUIRED=false");
        }

        @Test
        void on_damage_the_newest_point_that_restores_is_taken_where_that_is_wanted() throws IOException {
            Replicas.upload(litestow, ROWS);
            Replicas.upload(litestow, 1);
            String newest = Replicas.head(litestow.replica()) + ".ltx";
            try (Stream<Path> files = Files.walk(litestow.replica().resolve("ltx"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(newest)).toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(file, bytes);
                }
            }

            quietly().env("LITESTOW_RESTORE_ON_DAMAGE", "fallback").serve().awaitReady();

            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
        }

        @Test
        void of_quarantine_the_oldest_goes_once_it_is_too_old_or_all_is_too_large() throws IOException {
            Replicas.upload(litestow, ROWS);
            sameReplica("old", "QUARANTINE_KEEP_FOR", "PT2H30M");
            sameReplica("large", "QUARANTINE_KEEP_BYTES", "2K");
            List<String> databases = List.of("db.sqlite", "old.db", "large.db");
            for (String database : databases) {
                for (int hours = 1; hours <= 3; hours++) {
                    quarantined(database, Duration.ofHours(hours));
                }
            }

            litestow.run("restore").with(0);

            assertThat(databases)
                    .extracting(this::hoursInQuarantine)
                    .containsExactly(List.of(3L, 2L, 1L), List.of(2L, 1L), List.of(2L, 1L));
        }

        /** Puts a kilobyte where a restore of so long ago would have put what was in its way. */
        private void quarantined(String database, Duration ago) throws IOException {
            Instant then = Instant.now().minus(ago);
            Path folder = quarantine(database).resolve(NAME.format(then));
            Files.createDirectories(folder);
            Files.write(folder.resolve(database), new byte[1024]);
            Files.setLastModifiedTime(folder, FileTime.from(then));
        }

        private Path quarantine(String database) {
            return litestow.data().resolve("." + database + "-litestow").resolve("quarantine");
        }

        /** How long ago what is there was put there, oldest first. */
        private List<Long> hoursInQuarantine(String database) {
            try (Stream<Path> folders = Files.list(quarantine(database))) {
                return folders.map(folder -> NAME.parse(folder.getFileName().toString(), Instant::from))
                        .sorted()
                        .map(then -> Duration.between(then, Instant.now()).toHours())
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class Probes {
        @Test
        void where_readiness_needs_a_fresh_backup_a_stale_one_takes_it_down() {
            Sample.add(litestow.database(), ROWS);
            EngineScript engine = EngineScript.in(litestow).on("replicate", Does.FAIL);
            Service service = litestow.env("LITESTOW_HEALTH_READINESS", "fresh")
                    .env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?")
                    .serve()
                    .awaitOpen()
                    .awaitRuns("snapshot", "failed", 1);
            assertThat(service.status(Service.STARTED)).isEqualTo(200);
            assertThat(service.status(Service.LIVE)).isEqualTo(200);
            assertThat(service.status(Service.READY)).isEqualTo(503);

            engine.release("replicate");

            service.awaitReady();
        }
    }

    /** Has nothing happen but what the test asks for. */
    private PackagedProgram quietly() {
        return litestow.env("LITESTOW_SNAPSHOT_CRON", "off").env("LITESTOW_API_TOKEN", Api.TOKEN);
    }

    /** Adds a database with a copy of the replica that is there, for which one setting is another. */
    private void sameReplica(String name, String setting, String value) throws IOException {
        String prefix = "LITESTOW_DATABASES_" + name.toUpperCase(Locale.ROOT) + "_";
        litestow.env(prefix + "PATH", name + ".db")
                .env(prefix + "REPLICA_URL", other(name))
                .env(prefix + setting, value);
        Replicas.copy(litestow.replica(), Path.of(URI.create(other(name))));
    }

    private String other(String name) {
        return "file://" + litestow.root().resolve("replica-of-" + name);
    }

    private static String step(Api api, String database) {
        return api.get(Api.DATABASES + "/" + database)
                .with(200)
                .json()
                .path("working")
                .path("step")
                .asText();
    }
}
