package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigtermIT {
    private static final int ROWS = 500;
    private static final Duration GRACE = Duration.ofSeconds(9);
    private static final String TOKEN = "twenty letters or so";
    private static final String MAGIC = "SQLite format 3\0";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "replicate, HOLD_FIRST",
        "replicate, HOLD_FIRST_AFTER",
        "restore, HOLD_FIRST",
        "restore, HOLD_FIRST_AFTER"
    })
    void in_the_middle_of_a_run_the_service_takes_a_last_snapshot_and_keeps_the_database(String command, Does holds)
            throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on(command, holds);
        Service service = serve();
        engine.awaitHeld(command);

        Ended ended = service.terminate();

        print(command + " " + holds, ended);
        assertStopped(ended);
        assertThat(ended.err()).contains("snapshot by shutdown").doesNotContain("FAILED at");
        assertWhole();
        assertThat(Replicas.rows(litestow)).as("rows at the replica").isEqualTo(ROWS);
        assertThat(engine.calls("replicate")).isGreaterThan(command.equals("replicate") ? 1 : 0);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"replicate, HANG", "restore, HOLD_BEFORE"})
    void an_engine_that_does_not_let_go_is_ended_within_the_grace_even_in_the_last_snapshot(String command, Does holds)
            throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on(command, holds);
        Service service = serve();
        engine.awaitHeld(command);

        Ended ended = service.terminate();

        print(command + " " + holds, ended);
        assertStopped(ended);
        assertWhole();
    }

    @Test
    void without_a_run_a_last_snapshot_is_taken_when_the_database_changed_and_only_then() throws IOException {
        Sample.add(litestow.database(), ROWS);
        litestow.env("LITESTOW_SNAPSHOT_CRON", "off");
        Service first = litestow.serve().awaitReady();
        assertStopped(first.terminate());
        String head = Replicas.head(litestow.replica());
        assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
        assertWhole();

        Service second = litestow.serve().awaitReady();
        Sample.add(litestow.database(), 1);
        assertStopped(second.terminate());

        assertThat(Replicas.head(litestow.replica())).isGreaterThan(head);
        assertThat(Replicas.rows(litestow)).isEqualTo(ROWS + 1);
        String newest = Replicas.head(litestow.replica());
        assertStopped(litestow.serve().awaitReady().terminate());
        assertThat(Replicas.head(litestow.replica())).as("nothing changed").isEqualTo(newest);
        litestow.env("LITESTOW_SNAPSHOT_ON_SHUTDOWN", "false");
        Service last = litestow.serve().awaitReady();
        Sample.add(litestow.database(), 1);
        assertStopped(last.terminate());
        assertThat(Replicas.head(litestow.replica())).as("not wanted").isEqualTo(newest);
        assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS + 2);
    }

    @ParameterizedTest
    @CsvSource({"replicate, HOLD_BEFORE", "restore, HOLD_AFTER"})
    void a_command_ends_at_once_and_leaves_the_database(String command, Does holds) throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on(command, holds);
        Running snapshot = litestow.start("snapshot");
        engine.awaitHeld(command);

        Ended ended = snapshot.terminate();

        print("`snapshot`, " + command + " " + holds, ended);
        assertThat(ended.exitCode()).as("128 and the signal").isEqualTo(143);
        assertThat(ended.err()).contains(": the command was told to stop").doesNotContain("service");
        assertThat(ended.took()).isLessThan(Duration.ofSeconds(8));
        assertThat(Processes.workingIn(litestow.root())).isEmpty();
        assertWhole();
    }

    @Test
    void a_command_that_is_told_to_stop_while_it_starts_does_nothing() throws IOException, InterruptedException {
        Sample.add(litestow.database(), ROWS);
        Path token = litestow.root().resolve("token");
        assertThat(new ProcessBuilder("mkfifo", token.toString()).start().waitFor())
                .isZero();
        Running snapshot;
        try (FileChannel settings = FileChannel.open(token, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            snapshot = litestow.env("LITESTOW_API_TOKEN_FILE", token.toString())
                    .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "true")
                    .start("snapshot");
            long pid = snapshot.pid();
            patiently().until(() -> Processes.files(pid).contains(token.toString()));
            // Its settings are read again later.
            Path plain = Files.writeString(litestow.root().resolve("plain"), TOKEN);
            Files.move(plain, token, StandardCopyOption.REPLACE_EXISTING);
            snapshot.signal();
            patiently().until(() -> Processes.threads(pid).contains("SIGTERM handler"));
            settings.write(StandardCharsets.UTF_8.encode(TOKEN));
        }

        Ended ended = snapshot.awaitEnd();

        assertThat(ended.exitCode()).as("128 and the signal").isEqualTo(143);
        assertThat(ended.err()).contains("told to stop before it began");
        assertThat(ended.out()).isEmpty();
        assertWhole();
    }

    @Test
    void an_engine_that_outlived_a_killed_service_is_ended_by_the_next_run() throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on("replicate", Does.HANG);
        Service service = serve();
        engine.awaitHeld("replicate");
        service.process().kill();
        assertThat(Processes.workingIn(litestow.root())).isNotEmpty();
        engine.release("replicate");

        assertThat(litestow.run("snapshot").with(0).out()).contains("offloaded");

        patiently().until(() -> Processes.workingIn(litestow.root()).isEmpty());
        assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
    }

    private Service serve() {
        return litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?")
                .env("LITESTOW_SHUTDOWN_GRACE", "PT" + GRACE.toSeconds() + "S")
                .serve()
                .awaitReady();
    }

    private void assertStopped(Ended ended) {
        assertThat(ended.took()).isLessThan(GRACE.plusSeconds(2));
        assertThat(ended.exitCode()).as("128 and the signal").isEqualTo(143);
        assertThat(ended.err()).doesNotContain("\tat ", "Error Occurred After Shutdown");
        assertThat(Processes.workingIn(litestow.root())).as("engine processes").isEmpty();
    }

    /** Every row is readable at the database's path, and the file is no half-deleted one. */
    private void assertWhole() throws IOException {
        Path database = litestow.database();
        assertThat(database).exists();
        assertThat(new String(Files.readAllBytes(database), 0, MAGIC.length(), StandardCharsets.ISO_8859_1))
                .isEqualTo(MAGIC);
        assertThat(Sample.rows(database)).isEqualTo(ROWS);
        assertThat(litestow.state().resolve("scratch")).doesNotExist();
    }

    private static void print(String what, Ended ended) {
        System.out.printf(
                "timing: SIGTERM during %s was answered in %d ms%n",
                what, ended.took().toMillis());
    }
}
