package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.property;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Sample;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Dockerfile.jvm would run, run without a container engine; see {@link ImageSandbox}. */
class JvmImageIT {
    private static final int ROWS = 50;
    private static Path folder;
    private static ImageSandbox image;

    private final List<Running> running = new ArrayList<>();
    private final Map<String, String> variables = new TreeMap<>();
    private S3Server store;
    private int port;

    @BeforeAll
    static void build() throws IOException {
        // Not in a @TempDir: those are closed to other users.
        folder = Files.createDirectories(
                Path.of("/var/tmp", "litestow-image-" + ProcessHandle.current().pid()));
        image = new ImageSandbox(
                Dockerfile.read(Path.of(property("litestow.test.basedir"), "src/main/docker/Dockerfile.jvm")), folder);
    }

    @AfterAll
    static void remove() throws IOException {
        PackagedProgram.delete(folder);
    }

    @BeforeEach
    void startStore() {
        store = S3ProxyServer.start();
        port = PackagedProgram.freePort();
        variables.putAll(Map.of(
                "REPLICA_URL",
                "s3://" + S3Server.BUCKET + "/path",
                "LITESTREAM_ACCESS_KEY_ID",
                S3Server.KEY_ID,
                "LITESTREAM_SECRET_ACCESS_KEY",
                S3Server.SECRET,
                "LITESTOW_S3_ENDPOINT",
                store.endpoint().toString(),
                "LITESTOW_SNAPSHOT_CRON",
                "off",
                "QUARKUS_HTTP_HOST",
                "127.0.0.1",
                "QUARKUS_HTTP_PORT",
                Integer.toString(port)));
    }

    @AfterEach
    void stopEverything() {
        running.forEach(Running::end);
        store.close();
    }

    @Test
    void the_cage_is_one_and_the_cache_is_good() {
        Ended ended = start(
                        "sh",
                        "-c",
                        "id -u; id -g; echo $$; for f in /app/x /tmp/x /x; do touch $f && echo $f; done; true")
                .awaitEnd()
                .with(0);
        assertThat(ended.out()).isEqualTo("10001\n0\n1\n");

        variables.put("JDK_JAVA_OPTIONS", "-Xmx64m -XX:AOTMode=on");
        Running version = image.start(variables, "--version");
        running.add(version);
        assertThat(version.awaitEnd().with(0).out()).startsWith("litestow ");
        assertThat(start("/app/bin/litestow", "version").awaitEnd().with(0).out())
                .as("by its own command, as with docker exec, and with the good cache")
                .startsWith("litestow ");
    }

    @Test
    void it_snapshots_restores_answers_its_probes_and_stops_writing_nowhere_but_to_its_volume() throws IOException {
        Path database = image.volume().resolve("db.sqlite");
        Sample.add(database, ROWS);
        hand(database);

        assertThat(image("snapshot").awaitEnd().with(0).out()).contains("offloaded");
        assertThat(database).doesNotExist();
        assertThat(image.checkHealth(variables).exitCode())
                .as("before the start")
                .isEqualTo(1);

        Running serving = image();
        Service service = new Service(serving, port).awaitReady();
        assertThat(image.checkHealth(variables).with(0).out()).isEqualTo("ready: up\n");
        assertThat(Stream.of(Service.STARTED, Service.LIVE, Service.FRESHNESS).map(service::status))
                .containsOnly(200);
        assertThat(Sample.rows(database)).isEqualTo(ROWS);
        assertThat(Files.getAttribute(database, "unix:uid")).isEqualTo(Files.getAttribute(image.volume(), "unix:uid"));
        Sample.add(database, 1);

        Ended ended = terminate(serving);

        assertThat(ended.exitCode()).as("128 and the signal").isEqualTo(143);
        // s3proxy 4.1.0 lets two writers win, which the service rightly says.
        String log = ended.err()
                .lines()
                .filter(line -> !line.contains("does not decide between two writers"))
                .collect(Collectors.joining("\n"));
        assertThat(log).contains("snapshot by shutdown").doesNotContain("\tat ", "WARN", "ERROR");
        assertThat(image("restore", "--replace").awaitEnd().with(0).out()).contains("restored");
        assertThat(Sample.rows(database)).as("what the last snapshot held").isEqualTo(ROWS + 1);
        try (Stream<Path> files = Files.list(image.volume())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("db.sqlite", ".db.sqlite-litestow");
        }
    }

    private Running image(String... arguments) {
        Running started = image.start(variables, arguments);
        running.add(started);
        return started;
    }

    private Running start(String... command) {
        Running started = image.startOther(variables, List.of(command));
        running.add(started);
        return started;
    }

    /** The container's first process is bwrap's child; bwrap ends as that one does. */
    private static Ended terminate(Running cage) {
        ProcessHandle first = ProcessHandle.of(cage.pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow();
        first.destroy();
        return cage.awaitEnd();
    }

    /** Gives a file that the test made to the image's user. */
    private static void hand(Path file) throws IOException {
        Object owner = Files.getAttribute(image.volume(), "unix:uid");
        Files.setAttribute(file, "unix:uid", owner);
    }
}
