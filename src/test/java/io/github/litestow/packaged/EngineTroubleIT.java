package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Sample;
import io.github.litestow.packaged.EngineScript.Does;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTroubleIT {
    private static final int ROWS = 50;
    private static final long MEGABYTE = 1_000_000;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "replicate, HANG, 3, timeout",
        "replicate, GARBAGE, 8, proof_failed",
        "restore, HANG, 3, timeout",
        "restore, GARBAGE, 8, proof_failed",
        "restore, FLOOD, 8, proof_failed"
    })
    void a_snapshot_fails_by_name_and_the_database_stays(String command, Does trouble, int exitCode, String kind)
            throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript.in(litestow).on(command, trouble);

        // A busy machine must get as far as the engine's trouble.
        Ended failed = litestow.run("snapshot", "--timeout", trouble == Does.HANG ? "5s" : "60s")
                .with(exitCode)
                .sayingOnce(kind, command);

        System.out.printf(
                "timing: snapshot with %s %s ended after %d ms%n",
                command, trouble, failed.took().toMillis());
        if (trouble == Does.HANG) {
            assertThat(failed.took()).as("deadline, grace and start").isLessThan(Duration.ofSeconds(40));
        }
        assertThat(failed.err()).hasSizeLessThan(20_000);
        assertThat(bytesIn(litestow.data())).isLessThan(MEGABYTE);
        assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
    }

    @Test
    void a_flood_is_drained_in_little_memory_and_spoils_nothing() throws IOException {
        Sample.add(litestow.database(), ROWS);
        EngineScript.in(litestow).on("replicate", Does.FLOOD);

        Ended ended = litestow.run("snapshot");

        System.out.printf("timing: a flood of 200 MB took %d ms%n", ended.took().toMillis());
        assertThat(ended.with(0).out()).contains("offloaded");
        assertThat(ended.err()).hasSizeLessThan(20_000);
        assertThat(bytesIn(litestow.data())).isLessThan(MEGABYTE);
    }

    @Test
    void the_service_outlives_every_trouble_and_the_first_good_run_after_it_succeeds() {
        Sample.add(litestow.database(), ROWS);
        EngineScript engine = EngineScript.in(litestow).on("replicate", Does.HANG);
        Service service = litestow.env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?")
                .env("LITESTOW_SNAPSHOT_TIMEOUT", "PT2S")
                .serve()
                .awaitReady();
        awaitFailure(service, "timeout");
        for (Does trouble : new Does[] {Does.NOTHING, Does.PRETEND, Does.GARBAGE}) {
            engine.on("replicate", Does.FAIL);
            awaitFailure(service, "disk");
            engine.on("replicate", trouble);
            awaitFailure(service, "proof_failed");
        }
        assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);

        engine.release("replicate");

        service.awaitRuns("snapshot", "offloaded", 1);
        assertThat(service.data(Service.READY).has("lastFailure")).isFalse();
        assertThat(Replicas.rows(litestow)).isEqualTo(ROWS);
    }

    /** The service says what is wrong, and is up and ready all the same. */
    private static void awaitFailure(Service service, String kind) {
        patiently()
                .until(() ->
                        service.data(Service.READY).path("lastFailure").asText().startsWith(kind + " at "));
        assertThat(service.status(Service.LIVE)).isEqualTo(200);
        assertThat(service.status(Service.READY)).isEqualTo(200);
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
