package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.application.OwnSchema;
import io.github.litestow.config.ObjectLock;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.TestConfig;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.BucketLock;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.restore.VersionList;
import io.github.litestow.run.restore.VersionsRequest;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Nothing that who has the keys of the service, and may not delete, can do takes a wanted point away: real
 * versions, a real object lock and a real policy of versitygw.
 */
class LockedBucketTest {
    private static final String PATH = "some/path";

    @TempDir
    Path temp;

    private VersityServer server;
    private Host host;
    private final Map<String, String> wanted = new LinkedHashMap<>();
    private int restored;

    @BeforeEach
    void aLockedBucket() throws IOException {
        server = VersityServer.startLocked(temp.resolve("server"), ObjectLockRetentionMode.GOVERNANCE);
        host = host(ObjectLock.GOVERNANCE);
    }

    @AfterEach
    void end() {
        server.close();
    }

    private Host host(ObjectLock lock) {
        Host made = new Host(temp.resolve("host"), temp.resolve("unused"));
        made.with("leaseTime", Duration.ofMinutes(1));
        made.with("snapshot.deleteLocal", false);
        // Everything that the newest point does not need is unwanted, and stays all the same.
        made.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        made.with(new ReplicaUrl("s3://" + S3Server.BUCKET + "/" + PATH, "s3"), server.writerSettings(lock));
        return made;
    }

    private void points(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            if (host.file().exists()) {
                host.file().addRow();
            } else {
                host.file().withRows("WAL", 200);
            }
            String txid = host.keep().restorePoint().orElseThrow().txid();
            wanted.put(txid, host.file().content());
        }
        host.marks()
                .label(
                        host.database(),
                        PointReference.of(wanted.keySet().iterator().next()),
                        PointLabel.of("wanted"));
    }

    @Test
    void a_bucket_as_it_should_be_is_no_trouble_and_keys_that_may_not_delete_are_none_either() throws Exception {
        points(4);
        assertThat(host.lastRun().warnings()).isEmpty();
        assertThat(host.database().lookAtLock()).isEmpty();
        assertThat(host.status().objectLock()).contains("governance");
        assertThatExceptionOfType(S3Exception.class)
                .as("the keys may not delete")
                .isThrownBy(() -> server.writer()
                        .deleteObject(delete -> delete.bucket(S3Server.BUCKET).key(keys().get(0))));
    }

    @Test
    void a_lock_that_is_weaker_than_wanted_is_said_and_backups_go_on() throws Exception {
        host = host(ObjectLock.COMPLIANCE);
        points(1);
        assertThat(host.lastRun().warnings())
                .anyMatch(warning -> warning.contains("GOVERNANCE for 1 days, which is less than compliance"));
        assertThat(host.status().unlocked()).isPresent();
        assertThat(host.database().unlocked()).map(BucketLock::state).contains(BucketLock.State.OPEN);
    }

    @Test
    void whatever_is_written_on_top_or_beside_every_wanted_point_restores() throws Exception {
        points(4);
        List<String> before = keys();
        byte[] foreign = foreignFile();
        restoreAll("untouched");
        // S3's times are whole seconds.
        Instant now = Instant.now();
        Awaitility.await().until(() -> Instant.now().isAfter(now.plusSeconds(2)));
        overwrite(before, old -> random(old.length));
        restoreAll("garbage");
        overwrite(before, old -> Arrays.copyOf(old, old.length / 2));
        restoreAll("cut off");
        overwrite(before, old -> new byte[0]);
        restoreAll("empty");
        overwrite(before, old -> foreign);
        restoreAll("another database's file");
        String last = wanted.keySet().stream().max(String::compareTo).orElseThrow();
        for (String txid : wanted.keySet()) {
            // A snapshot that never was, on which a restore would build.
            put(PATH + "/0009/0000000000000001-" + txid + ".ltx", foreign);
        }
        put(PATH + "/litestow/proofs.json", "{\"points\": []}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        put(
                PATH + "/litestow/points.json",
                ("{\"marks\": [{\"txid\": \"" + last + "\", \"labels\": [\"other\"], \"pinned\": false}]}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        restoreAll("a snapshot that never was");
        // A person with more rights hides everything.
        for (String key : keys()) {
            server.root().deleteObject(delete -> delete.bucket(S3Server.BUCKET).key(key));
        }
        assertThat(keys()).isEmpty();
        restoreAll("marks of deletion");
        assertThat(VersionList.of(host.database()).versions())
                .extracting(VersionList.Version::txid)
                .containsAll(wanted.keySet());
        assertThat(VersionList.of(host.database()).versions())
                .allSatisfy(version -> assertThat(version.overwritten()).isPositive());
        Outcome labelled = restore(
                        new VersionsRequest("test", Optional.empty(), Optional.empty(), Optional.of("wanted"), next()))
                .result();
        assertThat(labelled).isInstanceOf(Outcome.Restored.class);
        assertThat(((Outcome.Restored) labelled).point().txid())
                .isEqualTo(wanted.keySet().iterator().next());
        Outcome then = restore(
                        new VersionsRequest("test", Optional.of(now), Optional.empty(), Optional.empty(), next()))
                .result();
        assertThat(then).isInstanceOf(Outcome.Restored.class);
        assertThat(((Outcome.Restored) then).point().txid()).isEqualTo(last);
        // The label was put elsewhere, too: that is no reason to choose one of them.
        put(
                PATH + "/litestow/points.json",
                ("{\"marks\": [{\"txid\": \"" + last + "\", \"labels\": [\"wanted\"], \"pinned\": false}]}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertFailed(
                restore(new VersionsRequest("test", Optional.empty(), Optional.empty(), Optional.of("wanted"), next()))
                        .result(),
                FailureKind.REFUSED);
    }

    @Test
    void a_schema_that_needs_its_application_is_not_said_to_be_checked() throws Exception {
        points(1);
        OwnSchema.EXPRESSION_INDEX.migrate(host.file().file());
        String txid = host.keep().restorePoint().orElseThrow().txid();

        RunRecord run =
                restore(new VersionsRequest("test", Optional.empty(), Optional.of(txid), Optional.empty(), next()));

        assertThat(run.result().words()).contains("checksums checked");
        assertThat(run.warnings())
                .anyMatch(warning -> warning.contains("not checked in full: ") && warning.contains("slug"));
    }

    @Test
    void a_version_that_was_never_there_is_named_and_says_nothing_of_the_replica() throws Exception {
        points(1);
        for (Optional<String> typed : List.of(Optional.of("00000000000000ff"), Optional.of("typo"))) {
            boolean label = typed.get().equals("typo");
            RunRecord run = restore(new VersionsRequest(
                    "test",
                    Optional.empty(),
                    label ? Optional.empty() : typed,
                    label ? typed : Optional.empty(),
                    next()));

            assertFailed(run.result(), FailureKind.REFUSED);
            assertThat(run.result().words()).contains(typed.get(), "`list --versions` shows what there is");
        }
        assertThat(host.status().backup().fresh()).isTrue();
    }

    private interface Tampering {
        byte[] with(byte[] before);
    }

    private void overwrite(List<String> keys, Tampering tampering) {
        S3Client writer = server.writer();
        for (String key : keys) {
            byte[] old = writer.getObjectAsBytes(
                            get -> get.bucket(S3Server.BUCKET).key(key))
                    .asByteArray();
            put(key, tampering.with(old));
        }
    }

    private void put(String key, byte[] body) {
        server.writer().putObject(put -> put.bucket(S3Server.BUCKET).key(key), RequestBody.fromBytes(body));
    }

    private List<String> keys() {
        return server
                .writer()
                .listObjectsV2Paginator(list -> list.bucket(S3Server.BUCKET).prefix(PATH))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(17).nextBytes(bytes);
        return bytes;
    }

    /** A whole and valid file of the engine, of some other database. */
    private byte[] foreignFile() throws Exception {
        Host other = new Host(temp.resolve("other"), temp.resolve("unused"));
        other.with("leaseTime", Duration.ofMinutes(1));
        other.with("snapshot.deleteLocal", false);
        other.with(new ReplicaUrl("s3://" + S3Server.BUCKET + "/other", "s3"), server.writerSettings(ObjectLock.OFF));
        other.file().withRows("WAL", 7);
        assertThat(other.keep().restorePoint()).isPresent();
        String key = server.writer()
                .listObjectsV2(list -> list.bucket(S3Server.BUCKET).prefix("other/000"))
                .contents()
                .get(0)
                .key();
        other.stop();
        return server.writer()
                .getObjectAsBytes(get -> get.bucket(S3Server.BUCKET).key(key))
                .asByteArray();
    }

    private void restoreAll(String after) {
        wanted.forEach((txid, content) -> {
            Path file = next();
            RunRecord run =
                    restore(new VersionsRequest("test", Optional.empty(), Optional.of(txid), Optional.empty(), file));
            assertThat(run.result()).as(after).isInstanceOf(Outcome.Restored.class);
            assertThat(TestDatabase.at(file).content()).as(after).isEqualTo(content);
        });
    }

    private RunRecord restore(VersionsRequest request) {
        return host.restores().fromVersions(host.database(), request);
    }

    private Path next() {
        return temp.resolve("restored-" + restored++ + ".db");
    }
}
