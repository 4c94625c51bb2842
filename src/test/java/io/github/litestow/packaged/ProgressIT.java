package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A large database over a slow link to a real S3 server. */
class ProgressIT {
    private static final int MEGABYTES = 48;
    private static final int UPLOAD = 4 << 20;
    private static final int DOWNLOAD = 16 << 20;
    /** Until everything was seen. */
    private static final int SLOW_DOWNLOAD = 512 << 10;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @TempDir
    Path folder;

    private S3Server server;
    private FaultProxy slow;
    private volatile int download = DOWNLOAD;

    @BeforeEach
    void startServer() throws IOException {
        server = VersityServer.start(folder);
        slow = new FaultProxy(
                        server.endpoint(),
                        request -> Optional.of(FaultProxy.slowly(() -> request.reads() ? download : UPLOAD)))
                .start();
        litestow.env("REPLICA_URL", "s3://bucket/path")
                .env("LITESTOW_S3_ENDPOINT", slow.endpoint().toString())
                .env("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID)
                .env("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET)
                .env("LITESTOW_S3_REGION", S3Server.REGION)
                .env("LITESTOW_SNAPSHOT_CRON", "off");
    }

    @AfterEach
    void stopServer() throws IOException {
        slow.close();
        server.close();
    }

    @Test
    void a_snapshot_on_a_terminal_and_a_restore_in_the_log_in_status_and_over_http_tell_bytes_and_percent()
            throws Exception {
        fill();

        String screen = litestow.runOnATerminal("snapshot").with(0).out();

        assertThat(percents(screen, "uploading"))
                .as(screen)
                .hasSizeGreaterThan(1)
                .isSorted();
        assertThat(percents(screen, "restoring"))
                .as(screen)
                .hasSizeGreaterThan(1)
                .isSorted();
        assertThat(litestow.database()).doesNotExist();
        assertThat(screen.lines().filter(line -> line.contains("[progress]")))
                .as("in the log as well")
                .isEmpty();

        download = SLOW_DOWNLOAD;
        Service service = litestow.serve().awaitOpen();
        Api api = new Api(service);
        JsonNode working = patiently()
                .until(() -> api.get(Api.DATABASE + "/runs").json().path("runs").path(1), ProgressIT::halfway);
        JsonNode other = patiently()
                .until(
                        () -> litestow.run("status", "--json")
                                .with(0)
                                .firstStatus()
                                .path("working"),
                        ProgressIT::halfway);
        assertThat(other.path("id")).isEqualTo(working.path("id"));
        assertThat(other.path("progress").path("bytes").asLong())
                .isGreaterThan(working.path("progress").path("bytes").asLong());
        assertThat(other.path("progress").path("expected"))
                .isEqualTo(working.path("progress").path("expected"));
        Pattern line =
                Pattern.compile("restore by start-up at restore: restoring [0-9.,]+ of [0-9.,]+ [KMG]iB \\(\\d+%\\)");
        patiently().until(() -> line.matcher(service.process().err()).find());
        download = DOWNLOAD;
        service.awaitReady();

        assertThat(other.path("progress").path("expected").asLong()).isEqualTo(Files.size(litestow.database()));
        assertThat(litestow.state().resolve("run.json")).doesNotExist();
        assertThat(litestow.run("status").with(0).out()).doesNotContain("working");
    }

    private void fill() throws SQLException, IOException {
        Files.createDirectories(litestow.data());
        try (Connection connection = Sample.connect(litestow.database());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE big (content BLOB)");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + MEGABYTES
                    + ") INSERT INTO big SELECT randomblob(1000000) FROM n");
        }
    }

    private static boolean halfway(JsonNode run) {
        int percent = run.path("progress").path("percent").asInt();
        return percent > 0 && percent < 100;
    }

    private static List<Integer> percents(String screen, String doing) {
        Stream<Integer> percents = Pattern.compile(doing + " [0-9.,]+ of [0-9.,]+ (?:bytes|[KMG]iB) \\((\\d+)%\\)")
                .matcher(screen)
                .results()
                .map(match -> Integer.valueOf(match.group(1)));
        return percents.distinct().toList();
    }
}
