package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Sample;
import io.github.litestow.config.ObjectLock;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.Secret;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** A bucket with object lock and keys that may not delete, as a person works with them. */
class LockedBucketIT {
    private static final int ROWS = 300;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @TempDir
    Path temp;

    private VersityServer server;

    @BeforeEach
    void aLockedBucket() throws Exception {
        server = VersityServer.startLocked(temp, ObjectLockRetentionMode.GOVERNANCE);
        S3Settings keys = server.writerSettings(ObjectLock.OFF);
        litestow.env("REPLICA_URL", "s3://" + S3Server.BUCKET + "/shop")
                .env(
                        "LITESTREAM_ACCESS_KEY_ID",
                        keys.accessKeyId().map(Secret::reveal).orElseThrow())
                .env(
                        "LITESTREAM_SECRET_ACCESS_KEY",
                        keys.secretAccessKey().map(Secret::reveal).orElseThrow())
                .env("LITESTOW_S3_ENDPOINT", server.endpoint().toString())
                .env("LITESTOW_S3_REGION", S3Server.REGION)
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false");
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void what_was_overwritten_is_listed_and_restored_by_the_versions_and_the_lock_is_in_the_status() {
        litestow.env("LITESTOW_S3_OBJECT_LOCK", "governance");
        Sample.add(litestow.database(), ROWS);
        assertThat(litestow.run("snapshot").with(0).err()).doesNotContain("object lock");
        assertThat(litestow.run("status").with(0).out()).contains("object lock   governance");
        Instant before = Instant.now();
        PackagedProgram.patiently().until(() -> Instant.now().isAfter(before.plusSeconds(2)));
        for (String key : server.keys("shop/")) {
            server.writer().putObject(put -> put.bucket(S3Server.BUCKET).key(key), RequestBody.fromString("mine now"));
        }

        assertThat(litestow.run("restore", "--to", "on-top.db").exitCode()).isNotZero();
        assertThat(litestow.run("list", "--versions").with(0).out())
                .contains("default: 0000000000000001", "WRITTEN AGAIN since");
        assertThat(litestow.run("restore", "--from-versions", "--to", "found.db")
                        .with(2)
                        .err())
                .contains("one of --at, --txid and --label");
        assertThat(litestow.run("restore", "--from-versions", "--at", before.toString(), "--to", "found.db")
                        .with(0)
                        .out())
                .contains("restored 0000000000000001");
        assertThat(Sample.rows(litestow.work().resolve("found.db"))).isEqualTo(ROWS);
    }

    @Test
    void a_service_whose_bucket_has_less_than_is_wanted_backs_up_and_is_not_ready_and_says_why() {
        litestow.env("LITESTOW_S3_OBJECT_LOCK", "compliance").env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?");
        Sample.add(litestow.database(), ROWS);
        Service service = litestow.serve();

        PackagedProgram.patiently()
                .until(() -> service.data("/q/health/group/freshness").has("lastRestorePoint"));
        assertThat(service.status("/q/health/ready")).isEqualTo(503);
        assertThat(service.data("/q/health/ready").path("objectLock").asText()).contains("less than compliance");
        assertThat(service.status("/q/health/started")).isEqualTo(200);
    }
}
