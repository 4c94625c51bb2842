package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServiceIT {
    private static final int ROWS = 50;
    private static final String EVERY_TWO_SECONDS = "*/2 * * * * ?";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Nested
    class ByCron {
        @Test
        void a_database_is_offloaded_leaves_only_its_state_folder_and_stays_fresh() throws IOException {
            Sample.add(litestow.database(), ROWS);
            litestow.env("LITESTOW_SNAPSHOT_CRON", EVERY_TWO_SECONDS).env("LITESTOW_HEALTH_MAX_AGE", "PT3S");
            long begun = System.nanoTime();
            Service service = litestow.serve().awaitReady();
            System.out.printf("timing: start to ready took %d ms%n", (System.nanoTime() - begun) / 1_000_000);

            service.awaitRuns("snapshot", "offloaded", 1);

            assertThat(filesIn(litestow.data())).containsExactly(".db.sqlite-litestow");
            assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
            patiently()
                    .during(Duration.ofSeconds(5))
                    .until(() -> service.status(Service.FRESHNESS) == 200 && service.status(Service.READY) == 200);
            JsonNode health = service.data(Service.FRESHNESS);
            assertThat(health.path("offloaded").asBoolean()).isTrue();
            assertThat(health.path("ageSeconds").asLong()).isZero();
            assertMetrics(service);
        }

        private void assertMetrics(Service service) {
            assertThat(service.runs("restore", "already_present")).isEqualTo(1);
            assertThat(service.runs("snapshot", "nothing_to_snapshot")).isPositive();
            assertThat(service.runs("snapshot", "failed")).isZero();
            assertThat(service.metric("litestow_run_duration_seconds_count", "snapshot"))
                    .isGreaterThan(1);
            assertThat(service.metric("litestow_run_duration_seconds_sum", "snapshot"))
                    .isPositive();
            assertThat(service.metric("litestow_last_success_timestamp_seconds", "snapshot"))
                    .isBetween(
                            Instant.now().getEpochSecond() - 300.0,
                            Instant.now().getEpochSecond() + 1.0);
        }

        @Test
        void health_tells_where_the_database_stands_and_a_stale_one_takes_only_freshness_down() {
            Sample.add(litestow.database(), ROWS);
            EngineScript engine = EngineScript.in(litestow).on("replicate", Does.FAIL);
            litestow.env("LITESTOW_SNAPSHOT_CRON", EVERY_TWO_SECONDS)
                    .env("LITESTOW_HEALTH_MAX_AGE", "PT4S")
                    .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false");
            Service service = litestow.serve().awaitReady().awaitRuns("snapshot", "failed", 1);
            assertThat(service.data(Service.READY).path("lastFailure").asText())
                    .contains("disk at ", "snapshot", "replicate");
            assertThat(service.status(Service.FRESHNESS)).as("never backed up").isEqualTo(503);

            engine.release("replicate");
            patiently().until(() -> service.status(Service.FRESHNESS) == 200);
            JsonNode health = service.data(Service.FRESHNESS);
            assertThat(Instant.parse(health.path("lastSuccess").asText())).isBefore(Instant.now());
            assertThat(Instant.parse(health.path("nextRun").asText()))
                    .isAfter(Instant.now().minusSeconds(1));
            assertThat(health.path("ageSeconds").asLong()).isBetween(0L, 4L);
            assertThat(health.path("lastRestorePoint").asText()).isEqualTo(Replicas.head(litestow.replica()));
            assertThat(health.path("lastProven").asText()).isNotEmpty();
            assertThat(health.has("lastFailure"))
                    .as("a failure that was made good")
                    .isFalse();

            Sample.add(litestow.database(), 1);
            engine.on("replicate", Does.FAIL);
            patiently().until(() -> service.status(Service.FRESHNESS) == 503);
            assertThat(Stream.of(Service.STARTED, Service.READY, Service.LIVE).map(service::status))
                    .containsOnly(200);
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS + 1);
        }

        @Test
        void slots_that_come_while_a_run_works_are_skipped_and_counted() {
            Sample.add(litestow.database(), ROWS);
            EngineScript engine = EngineScript.in(litestow).on("replicate", Does.HOLD_BEFORE);
            Service service = litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?")
                    .serve()
                    .awaitReady();
            engine.awaitHeld("replicate");

            service.awaitRuns("snapshot", "skipped", 2);
            assertThat(engine.calls("replicate")).isEqualTo(1);
            engine.release("replicate");

            service.awaitRuns("snapshot", "offloaded", 1);
        }
    }

    @Nested
    class AtStart {
        /** Each test has a copy of its replica: another host, which made it once for all of them. */
        private static final PackagedProgram BEFORE = new PackagedProgram();

        private static String head;

        @BeforeAll
        static void aHostOffloadsTheDatabase() throws IOException {
            BEFORE.open();
            Sample.add(BEFORE.database(), ROWS);
            BEFORE.run("snapshot").with(0);
            head = Replicas.head(BEFORE.replica());
        }

        @AfterAll
        static void itIsGone() throws IOException {
            BEFORE.close();
        }

        @BeforeEach
        void aReplicaHoldsTheDatabase() throws IOException {
            Replicas.copy(BEFORE, litestow);
        }

        @Test
        void a_missing_database_is_restored_before_cron_and_probes_are_answered_meanwhile() throws IOException {
            EngineScript engine = EngineScript.in(litestow).on("restore", Does.HOLD_BEFORE);
            litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?").env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false");
            Service service = litestow.serve().awaitOpen();
            engine.awaitHeld("restore");

            patiently().during(Duration.ofMillis(2_500)).until(() -> restoring(service));
            assertThat(service.data(Service.STARTED).isMissingNode()).isFalse();
            assertThat(runs()).as("cron waits").isEmpty();
            engine.release("restore");

            service.awaitReady();
            assertThat(service.status(Service.STARTED)).isEqualTo(200);
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
            service.awaitRuns("snapshot", "unchanged", 1);
            assertThat(runs().get(0)).contains("\"restored\"", "start-up");
        }

        @Test
        void sigterm_is_answered_at_once_during_a_long_restore() {
            EngineScript engine = EngineScript.in(litestow).on("restore", Does.HOLD_BEFORE);
            Service service = litestow.serve().awaitOpen();
            engine.awaitHeld("restore");

            Ended ended = service.terminate();

            System.out.printf(
                    "timing: SIGTERM during a restore was answered in %d ms%n",
                    ended.took().toMillis());
            assertThat(ended.took()).isLessThan(Duration.ofSeconds(4));
            assertThat(litestow.database()).doesNotExist();
            assertThat(Processes.workingIn(litestow.root())).isEmpty();
        }

        @Test
        void a_failing_restore_is_tried_again_and_keeps_startup_down_until_it_works() {
            EngineScript engine = EngineScript.in(litestow).on("restore", Does.FAIL);
            Service service = litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?")
                    .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                    .serve()
                    .awaitOpen();

            service.awaitRuns("restore", "failed", 2);
            assertThat(restoring(service)).isTrue();
            assertThat(service.data(Service.STARTED).path("lastFailure").asText())
                    .contains("disk at ", "restore");
            engine.release("restore");

            service.awaitReady();
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
        }

        /** By an application that connected before the restore: others have no file yet, as in {@code FailedRestoreTest}. */
        @Test
        void a_database_made_after_a_failed_restore_keeps_the_service_down_and_never_becomes_the_head()
                throws IOException {
            Files.createDirectories(litestow.data());
            Files.createFile(litestow.database());
            EngineScript engine = EngineScript.in(litestow).on("restore", Does.FAIL);
            Service service = litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?")
                    .serve()
                    .awaitOpen()
                    .awaitRuns("restore", "failed", 1);
            Sample.add(litestow.database(), 0);
            engine.release("restore");

            patiently().until(() -> service.process().err().contains("restore by start-up: FAILED at probe, refused"));

            assertThat(service.status(Service.STARTED)).isEqualTo(503);
            assertThat(service.status(Service.READY)).isEqualTo(503);
            service.terminate();
            assertThat(Replicas.head(litestow.replica())).isEqualTo(head);
            assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
        }

        @Test
        void after_the_state_folder_is_gone_the_replica_tells_the_same_point_time_and_proof() {
            litestow.env("LITESTOW_SNAPSHOT_CRON", "off");
            litestow.run("restore").with(0);
            JsonNode before = litestow.run("status", "--json").with(0).firstStatus();
            assertThat(before.path("lastProven").path("txid").asText()).isEqualTo(head);
            deleteData();

            assertSamePoint(litestow.run("status", "--json").with(0).firstStatus(), before);

            deleteData();
            Service service = litestow.serve().awaitReady();
            assertSamePoint(litestow.run("status", "--json").with(0).firstStatus(), before);
            assertThat(service.data(Service.READY).path("lastRestorePoint").asText())
                    .isEqualTo(head);
            assertThat(service.data(Service.READY).path("lastProven").asText()).isEqualTo(head);
        }

        private void assertSamePoint(JsonNode status, JsonNode before) {
            assertThat(status.path("lastRestorePoint")).isEqualTo(before.path("lastRestorePoint"));
            assertThat(status.path("lastProven")).isEqualTo(before.path("lastProven"));
        }

        private void deleteData() {
            try {
                PackagedProgram.delete(litestow.data());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private boolean restoring(Service service) {
            return service.status(Service.LIVE) == 200
                    && service.status(Service.STARTED) == 503
                    && service.status(Service.READY) == 503
                    && service.runs("snapshot", "offloaded") == 0;
        }
    }

    private List<String> runs() throws IOException {
        Path runs = litestow.state().resolve("runs.jsonl");
        return Files.exists(runs) ? Files.readAllLines(runs) : List.of();
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
