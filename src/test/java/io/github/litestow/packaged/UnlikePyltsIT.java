package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Python;
import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where Litestow differs from pylts 0.0.9 on purpose: pylts itself runs beside it, with a litestream
 * of its time and one of ours.
 */
class UnlikePyltsIT {
    private static final String OLD = "litestow.test.litestream-0.3";
    private static final String NEW = "litestow.test.litestream";
    private static final Duration PYLTS_TIMEOUT = Duration.ofSeconds(3);

    /**
     * Calls pylts' own methods as its command line does. Only the rule that the URL begins with
     * s3:// is lifted: construct() does not validate.
     */
    private static final String SCRIPT = """
            import sys, time
            from pathlib import Path
            from pylts import ConfigS3
            stream = ConfigS3.construct(key='k', token='t', s3=sys.argv[1], folder=Path(sys.argv[2]), db='db.sqlite')
            begun = time.monotonic()
            if sys.argv[3] == 'replicate':
                print(stream.timed_replicate(int(sys.argv[4])), time.monotonic() - begun)
            else:
                stream.delete()
                print(stream.restore())
            """;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @Test
    void an_offload_ends_with_its_proof_and_not_at_the_timeout_and_leaves_no_wal_no_shm_and_no_engine_state_behind()
            throws IOException {
        Path theirs = Files.createDirectory(litestow.root().resolve("theirs"));
        fourKilobytes(theirs.resolve("db.sqlite"));
        String[] said = pylts(OLD, theirs, "replicate", Long.toString(PYLTS_TIMEOUT.toSeconds()))
                .with(0)
                .out()
                .split(" ", -1);
        assertThat(said[0]).as("pylts says that it worked").isEqualTo("True");
        double theirSeconds = Double.parseDouble(said[1]);
        assertThat(theirSeconds).as("pylts waits out its timeout").isGreaterThanOrEqualTo(3);
        assertThat(filesIn(theirs))
                .as("what pylts leaves")
                .containsExactly(".db.sqlite-litestream", "db.sqlite-shm", "db.sqlite-wal");

        apart();
        fourKilobytes(litestow.database());
        JsonNode run = litestow.run("aws-replicate-db", "60", "--json").with(0).firstRun();

        Duration ours = Duration.between(
                Instant.parse(run.path("started").asText()),
                Instant.parse(run.path("finished").asText()));
        System.out.printf(
                "timing: 4 KB took pylts %.2f s with a timeout of 3 s, and us %.2f s with one of 60 s%n",
                theirSeconds, ours.toMillis() / 1000.0);
        assertThat(run.path("result").path("outcome").asText()).isEqualTo("offloaded");
        assertThat(ours).as("does not wait out its timeout").isLessThan(Duration.ofSeconds(60));
        assertThat(filesIn(litestow.data())).containsExactly(".db.sqlite-litestow");
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void a_restore_brings_the_rows_back_or_says_that_it_did_not(String engine) throws IOException {
        Path source = litestow.root().resolve("source").resolve("db.sqlite");
        Sample.add(source, 3);
        uploadWith(engine, source);
        Path theirs = Files.createDirectory(litestow.root().resolve("theirs"));
        assertThat(pylts(engine, theirs, "restore").with(0).out())
                .as("pylts reports success")
                .contains("db.sqlite");
        assertThat(theirs.resolve("db.sqlite")).as("and brings nothing").doesNotExist();

        Ended ours = litestow.run("aws-restore-db");
        if (ours.exitCode() == 0) {
            assertThat(Sample.rows(litestow.database())).isEqualTo(3);
        } else {
            assertThat(engine)
                    .as("the format that we write ourselves is restored")
                    .isEqualTo(OLD);
            assertThat(ours.err()).contains("nothing to restore");
            assertThat(litestow.database()).doesNotExist();
        }
    }

    /** Beside a backup of 0.3 a database that was not restored from it is refused. */
    private void apart() {
        litestow.env("REPLICA_URL", "file://" + litestow.root().resolve("ours"));
    }

    /** A replica as each generation of litestream makes it. */
    private void uploadWith(String engine, Path source) {
        if (engine.equals(NEW)) {
            litestow.runOther(
                            Map.of(),
                            PackagedProgram.property(NEW),
                            "replicate",
                            "-once",
                            source.toString(),
                            litestow.replicaUrl())
                    .with(0);
        } else {
            assertThat(pylts(OLD, source.getParent(), "replicate", "2").with(0).out())
                    .startsWith("True");
        }
    }

    private Ended pylts(String engine, Path folder, String... arguments) {
        Path bin = litestow.root().resolve("bin-" + System.nanoTime());
        try {
            Files.createDirectory(bin);
            Files.createSymbolicLink(bin.resolve("litestream"), Path.of(PackagedProgram.property(engine)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Map<String, String> variables = Map.of(
                "PATH",
                bin + ":" + System.getenv("PATH"),
                "PYTHONPATH",
                PackagedProgram.property("litestow.test.pylts"),
                "PYTHONDONTWRITEBYTECODE",
                "1");
        String replica = litestow.replicaUrl();
        String[] command = Stream.concat(
                        Stream.of(Python.interpreter(), "-c", SCRIPT, replica, folder.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        return litestow.runOther(variables, command);
    }

    private static void fourKilobytes(Path database) throws IOException {
        Sample.add(database, 3);
        assertThat(Files.size(database)).isLessThanOrEqualTo(8192);
    }

    private static Stream<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
