package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.PermissionPolicy;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The policies of docs/storage.md are enough, and hold nothing too much: all else is denied. */
class S3PermissionsIT {
    private static final int ROWS = 20;
    private static final String PATH = "some/path";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    private final List<AutoCloseable> running = new ArrayList<>();
    private S3Server server;

    @BeforeEach
    void startServer() {
        server = S3ProxyServer.start();
        running.add(server);
        litestow.env("REPLICA_URL", "s3://" + S3Server.BUCKET + "/" + PATH)
                .env("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID)
                .env("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET)
                .env("LITESTOW_S3_ENDPOINT", server.endpoint().toString())
                .env("LITESTOW_S3_REGION", S3Server.REGION)
                // Everything but the newest may be pruned.
                .env("LITESTOW_RETENTION_KEEP_FOR", "PT0.1S")
                .env("LITESTOW_RETENTION_KEEP_AT_LEAST", "1")
                .env("LITESTOW_RETENTION_GRACE", "PT0.1S");
    }

    @AfterEach
    void endEverything() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
    }

    @Test
    void theMinimalPolicyIsEnoughForEverythingAndUsedInFullAndADeniedDeletionNeverFailsABackup() throws Exception {
        PermissionPolicy denying = PermissionPolicy.of(json(0).replaceAll("\"s3:DeleteObject\",?", ""));
        PermissionPolicy minimal = policy(0);
        fill();

        // The third is the first whose snapshot makes older files superfluous.
        through(denying);
        litestow.run("snapshot").with(0);
        for (int round = 0; round < 2; round++) {
            litestow.run("restore").with(0);
            Sample.add(litestow.database(), 1);
            Ended offload = litestow.run("snapshot", "--json").with(0);
            assertThat(offload.out()).contains("\"offloaded\"");
            assertThat(offload.firstRun().path("warnings").toString())
                    .contains(round == 0 ? "[]" : "s3:DeleteObject");
        }
        assertThat(denying.denied()).isNotEmpty().allMatch(need -> need.startsWith("s3:DeleteObject"));

        through(minimal);
        assertThat(litestow.run("list").with(0).out()).contains("offloaded");
        litestow.run("restore").with(0);
        litestow.run("verify").with(0);
        Sample.add(litestow.database(), 1);
        assertThat(litestow.run("snapshot").with(0).out()).contains("offloaded");
        litestow.run("verify").with(0);

        assertThat(minimal.denied()).isEmpty();
        Set<String> used = denying.used();
        used.addAll(minimal.used());
        // Only an upload that fails is aborted.
        used.add("s3:AbortMultipartUpload");
        assertThat(used).isEqualTo(minimal.actions());
    }

    @Test
    void thePolicyForReadingIsEnoughForARestoreAndNoSnapshotBegins() throws Exception {
        fill();
        litestow.run("snapshot").with(0);
        PackagedProgram.delete(litestow.data());
        PermissionPolicy policy = policy(1);
        through(policy);

        litestow.run("restore").with(0);
        assertThat(litestow.run("list").with(0).out()).contains("offloaded");
        assertThat(Sample.rows(litestow.database())).isEqualTo(ROWS);
        assertThat(policy.denied()).isEmpty();
        assertThat(policy.used()).containsExactlyElementsOf(policy.actions());
        Sample.add(litestow.database(), 1);
        litestow.run("snapshot").with(4).sayingOnce("access_denied", "s3:PutObject");
    }

    private void through(PermissionPolicy policy) throws IOException {
        FaultProxy proxy = new FaultProxy(server.endpoint(), policy).start();
        running.add(proxy);
        litestow.env("LITESTOW_S3_ENDPOINT", proxy.endpoint().toString());
    }

    /** A database that goes up in parts. */
    private void fill() throws SQLException {
        Sample.add(litestow.database(), ROWS);
        try (Connection connection = Sample.connect(litestow.database());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE noise AS SELECT randomblob(6000000)");
        }
    }

    private static PermissionPolicy policy(int number) throws IOException {
        return PermissionPolicy.of(json(number));
    }

    /** The policies of the manual, in their order. */
    private static String json(int number) throws IOException {
        String manual = Files.readString(Path.of(PackagedProgram.property("litestow.test.basedir"), "docs/storage.md"));
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
