package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestorePointList;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.PermissionPolicy;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies of docs/storage.md are enough, and hold nothing too much: all else is denied. */
class S3PermissionsTest {
    private static final int ROWS = 20;
    private static final String PATH = "some/path";

    @TempDir
    Path temp;

    private final List<AutoCloseable> running = new ArrayList<>();
    private S3Server server;
    private Host host;

    @BeforeEach
    void startServer() {
        server = S3ProxyServer.start();
        running.add(server);
        host = new Host(temp.resolve("host"), temp.resolve("unused"));
        // Everything that the newest proven point does not need may be pruned.
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        // A loaded machine renews a short one too late.
        host.with("leaseTime", Duration.ofMinutes(1));
        reaching(server.endpoint());
        host.file().withRows("WAL", ROWS);
        // Goes up in parts.
        host.file().execute("CREATE TABLE noise AS SELECT randomblob(6000000)");
    }

    @AfterEach
    void endEverything() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
    }

    @Test
    void the_minimal_policy_is_enough_and_used_in_full_and_a_denied_deletion_fails_no_backup() throws Exception {
        PermissionPolicy denying = PermissionPolicy.of(json(0).replaceAll("\"s3:DeleteObject\",?", ""));
        through(denying);
        host.offload();
        // The third makes older files superfluous, and the fourth knows of its proof.
        for (int round = 2; round <= 4; round++) {
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            host.file().addRow();
            // Everything is uploaded, so that nothing before is needed any more.
            Files.deleteIfExists(PageIndex.place(host.settings()));
            host.offload();
        }
        assertThat(host.lastRun().warnings()).singleElement().asString().contains("s3:DeleteObject");
        assertThat(denying.denied()).isNotEmpty().allMatch(need -> need.startsWith("s3:DeleteObject"));

        PermissionPolicy minimal = PermissionPolicy.of(json(0));
        through(minimal);
        assertThat(RestorePointList.of(host.database()).restorePoints()).isNotEmpty();
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
        host.file().addRow();
        host.offload();

        assertThat(host.lastRun().warnings()).isEmpty();
        assertThat(minimal.denied()).isEmpty();
        Set<String> used = denying.used();
        used.addAll(minimal.used());
        // Only an upload that fails is aborted.
        used.add("s3:AbortMultipartUpload");
        assertThat(used).isEqualTo(minimal.actions());
    }

    @Test
    void the_policy_for_reading_is_enough_for_a_restore_and_no_snapshot_begins() throws Exception {
        host.offload();
        host.loseStateFolder();
        PermissionPolicy reading = PermissionPolicy.of(json(1));
        through(reading);

        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(RestorePointList.of(host.database()).restorePoints()).hasSize(1);
        assertThat(host.file().rows()).isEqualTo(ROWS);
        assertThat(reading.denied()).isEmpty();
        assertThat(reading.used()).isEqualTo(reading.actions());

        host.file().addRow();
        assertFailed(host.snapshot(), FailureKind.ACCESS_DENIED);
        assertThat(((Outcome.Failed) host.lastRun().result()).hint()).contains("s3:PutObject");
    }

    private void through(PermissionPolicy policy) throws IOException {
        FaultProxy proxy = new FaultProxy(server.endpoint(), policy).start();
        running.add(proxy);
        reaching(proxy.endpoint());
    }

    private void reaching(URI endpoint) {
        host.with(new ReplicaUrl("s3://" + S3Server.BUCKET + "/" + PATH, "s3"), S3Server.settings(endpoint));
    }

    /** The policies of the manual, in their order. */
    private static String json(int number) throws IOException {
        String manual = Files.readString(Path.of(System.getProperty("litestow.test.basedir"), "docs/storage.md"));
        return Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
                .matcher(manual)
                .results()
                .map(block -> block.group(1))
                .toList()
                .get(number)
                .replace("BUCKET", S3Server.BUCKET)
                .replace("PATH", PATH);
    }
}
