package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.restore.RestorePointList;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.s3.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What piles up at the replica, or vanishes from it, beside the engine's work. */
class ReplicaUpkeepTest extends OverVersity {
    private Path replica;
    private Host host;

    @BeforeEach
    void aHost() {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        host.file().withRows("WAL", 100);
    }

    @Test
    void uploads_that_killed_engines_left_are_given_up_and_nobody_elses() throws IOException {
        String path = "upkeep/" + temp.getFileName();
        host.inBucket(server.endpoint(), path);
        String ours = path + "/0000/0000000000000001-0000000000000001.ltx";
        server.beginUpload(ours);
        List<String> others =
                List.of(path + "-other/0000/0000000000000001-0000000000000001.ltx", path + "/somebody/else.bin");
        others.forEach(server::beginUpload);
        assertThat(server.unfinishedUploads()).contains(ours).containsAll(others);

        // Of what was begun in this very second nobody knows whether it was before the run.
        Instant begun = Instant.now();
        await().until(() -> Instant.now().isAfter(begun.plusSeconds(2)));

        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(server.unfinishedUploads()).doesNotContain(ours).containsAll(others);
    }

    @Test
    void not_being_allowed_to_give_them_up_is_no_failure() throws IOException {
        try (FaultProxy proxy = new FaultProxy(
                        server.endpoint(),
                        request -> request.target().contains("uploads=")
                                ? Optional.of(FaultProxy.error(403, "AccessDenied", "Access Denied"))
                                : Optional.empty())
                .start()) {
            host.inBucket(proxy.endpoint(), "denied/" + temp.getFileName());
            host.offload();
            assertThat(host.lastRun().warnings()).isEmpty();
        }
    }

    @Test
    void an_identity_that_a_lifecycle_rule_took_is_made_anew_and_is_the_same() throws Exception {
        host.offload();
        host.restore();
        String before = host.database().replica().id().orElseThrow();
        host.file().addRow();
        Files.delete(replica.resolve("litestow/identity.json"));

        host.offload();

        assertThat(host.database().replica().id()).contains(before);
    }

    @Test
    void an_identity_that_was_gone_during_a_restore_is_made_anew_and_is_the_same() throws Exception {
        host.offload();
        String before = host.database().replica().id().orElseThrow();
        Files.delete(replica.resolve("litestow/identity.json"));

        host.restore();
        host.file().addRow();
        host.offload();

        assertThat(host.database().replica().id()).contains(before);
    }

    @Test
    void an_identity_that_is_back_after_a_restore_without_it_is_the_one_that_was_known() throws Exception {
        host.offload();
        Path identity = replica.resolve("litestow/identity.json");
        Path away = Files.move(identity, temp.resolve("identity.json"));

        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        Files.move(away, identity);
        host.file().addRow();

        assertThat(host.snapshot()).isInstanceOf(Outcome.Offloaded.class);
    }

    @Test
    void another_replica_without_identity_that_is_restored_gets_one_of_its_own() throws Exception {
        host.offload();
        host.restore();
        String before = host.database().replica().id().orElseThrow();
        Host other = new Host(temp.resolve("other"), temp.resolve("other-replica"));
        other.file().withRows("WAL", 100);
        other.offload();
        Host.delete(replica);
        Files.move(temp.resolve("other-replica"), replica);
        Files.delete(replica.resolve("litestow/identity.json"));

        assertThat(host.restore(RestoreRequest.newest("test", true))).isInstanceOf(Outcome.Restored.class);
        host.file().addRow();
        host.offload();

        assertThat(host.database().replica().id()).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void another_replica_without_identity_is_not_taken_for_this_one() throws Exception {
        host.offload();
        host.restore();
        host.file().addRow();
        Host other = new Host(temp.resolve("other"), temp.resolve("other-replica"));
        other.file().withRows("WAL", 100);
        other.offload();
        Host.delete(replica);
        Files.move(temp.resolve("other-replica"), replica);
        Files.delete(replica.resolve("litestow/identity.json"));

        assertThat(host.snapshot()).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void a_record_of_points_that_a_lifecycle_rule_took_is_made_of_what_the_replica_holds() throws Exception {
        for (int round = 0; round < 3; round++) {
            host.offload();
            host.restore();
            host.file().addRow();
        }
        List<String> before = txids();
        Files.delete(replica.resolve("litestow/proofs.json"));

        RestorePoint newest = host.offload().point();

        assertThat(txids()).startsWith(before.toArray(String[]::new)).endsWith(newest.txid());
    }

    private List<String> txids() throws Exception {
        return host.database().replica().points().stream()
                .map(RestorePoint::txid)
                .toList();
    }

    @Test
    void a_listing_that_ends_before_the_record_does_says_so() throws Exception {
        String newest = host.offload().point().txid();
        Host.delete(temp.resolve("replica/ltx"));

        RestorePointList list = RestorePointList.of(host.database());

        assertThat(list.restorePoints()).isEmpty();
        assertThat(list.notes()).singleElement().asString().startsWith(newest).contains("own record");
    }

    @Test
    void a_point_whose_base_is_gone_is_not_offered() throws Exception {
        host.with("snapshot.deleteLocal", false);
        for (int round = 0; round < 3; round++) {
            host.file().addRow();
            assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        }
        List<String> points = txids();
        String gone = points.get(1);
        try (Stream<Path> files = Files.walk(replica.resolve("ltx"))) {
            for (Path file :
                    files.filter(path -> path.toString().contains(gone)).toList()) {
                Files.delete(file);
            }
        }
        RestorePointList list = RestorePointList.of(host.database());
        assertThat(list.restorePoints())
                .extracting(RestorePointList.Point::txid)
                .containsExactly(points.get(0));
        assertThat(list.notes()).anyMatch(note -> note.contains(points.get(2)) && note.contains("missing"));
    }
}
