package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing foreign, stale or made anew becomes the replica's head unnoticed. */
class LineageTest {
    @TempDir
    Path temp;

    private Path replica;
    private Host host;
    private TestDatabase file;

    @BeforeEach
    void aHost() {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        file = host.file();
    }

    private void assertRefusedBeforeUpload(Host refused) {
        Map<String, String> before = refused.replicaFiles();
        String content = refused.file().content();
        assertFailed(refused.snapshot(), FailureKind.REFUSED);
        assertThat(((Outcome.Failed) refused.lastRun().result()).hint())
                .contains("restore --replace")
                .contains("snapshot --adopt");
        assertThat(refused.replicaFiles()).isEqualTo(before);
        assertThat(refused.file().content()).isEqualTo(content);
    }

    @Test
    void a_database_made_anew_after_an_offload_is_refused() {
        file.withRows("WAL", 50);
        host.offload();
        file.withRows("WAL", 50);

        assertRefusedBeforeUpload(host);
        assertThat(((Outcome.Failed) host.lastRun().result()).hint())
                .contains("after the database was offloaded", "LITESTOW_SNAPSHOT_DELETE_LOCAL=false");

        assertThat(host.adopt()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.rows()).isEqualTo(50);
    }

    @Test
    void a_database_made_anew_where_another_was_kept_is_refused() throws IOException {
        file.withRows("WAL", 50);
        host.keep();
        for (String name : file.neighbours()) {
            if (name.startsWith(TestDatabase.NAME)) {
                Files.delete(file.file().resolveSibling(name));
            }
        }
        file.withRows("WAL", 3);

        assertRefusedBeforeUpload(host);
    }

    @Test
    void a_second_host_with_a_database_of_its_own_is_refused() {
        file.withRows("WAL", 50);
        host.offload();
        Host second = new Host(temp.resolve("second"), replica);
        second.file().withRows("WAL", 3);

        assertRefusedBeforeUpload(second);

        assertThat(second.replace()).isInstanceOf(Outcome.Restored.class);
        assertThat(second.file().rows()).isEqualTo(50);
        second.file().addRow();
        second.offload();
    }

    @Test
    void a_stale_copy_is_refused_when_another_host_moved_the_head_on() {
        file.withRows("WAL", 50);
        host.offload();
        Host second = new Host(temp.resolve("second"), replica);
        host.restore();
        second.restore();
        second.file().addRow();
        second.offload();
        file.addRow();

        assertRefusedBeforeUpload(host);

        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void a_stale_copy_with_the_engines_state_is_refused_when_another_host_moved_the_head_on() {
        file.withRows("WAL", 50);
        host.keep();
        Host second = new Host(temp.resolve("second"), replica);
        second.restore();
        second.file().addRow();
        second.offload();

        assertRefusedBeforeUpload(host);

        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void a_new_replica_inherits_no_proof_of_the_old_one() {
        host.file().withRows("WAL", 50);
        host.keep();
        host.with(
                new ReplicaUrl("file://" + temp.resolve("new"), "file"),
                host.settings().s3());

        Outcome outcome = host.snapshots()
                .snapshot(host.database(), new SnapshotRequest("test", true, true, Optional.empty()))
                .result();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Snapshotted.class,
                        kept -> assertThat(kept.point().assurance()).isEqualTo(Assurance.PROVEN));
    }

    @Test
    void adopting_to_an_empty_replica_begins_the_engines_state_anew() {
        file.withRows("WAL", 50);
        keepThreePoints();
        host.with(
                new ReplicaUrl("file://" + temp.resolve("new"), "file"),
                host.settings().s3());

        assertFailed(host.keep(), FailureKind.REPLICA_MISSING);
        assertThat(adoptAndKeep()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(host.restoredContent()).contains(":third");
        file.execute("INSERT INTO t (note) VALUES ('there')");
        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(host.restoredContent()).contains(":third").contains(":there");
    }

    @Test
    void adopting_to_a_replica_that_was_emptied_begins_the_engines_state_anew() {
        file.withRows("WAL", 50);
        keepThreePoints();
        Host.delete(replica);

        assertThat(adoptAndKeep()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(host.restoredContent()).contains(":third");
    }

    @Test
    void adopting_to_a_replica_that_another_database_filled_begins_the_engines_state_anew() {
        file.withRows("WAL", 50);
        keepThreePoints();
        Host other = new Host(temp.resolve("other"), temp.resolve("new"));
        other.file().withRows("WAL", 3);
        other.offload();
        host.with(
                new ReplicaUrl("file://" + temp.resolve("new"), "file"),
                host.settings().s3());

        assertFailed(host.keep(), FailureKind.REFUSED);
        assertThat(adoptAndKeep()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(host.restoredContent()).contains(":third");
    }

    @Test
    void adopting_what_descends_from_the_head_uploads_the_change_alone() {
        file.withRows("WAL", 50);
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('first')");
            host.keep();
            int files = host.replicaFiles().size();
            other.sql("INSERT INTO t (note) VALUES ('second')");

            assertThat(adoptAndKeep()).isInstanceOf(Outcome.Snapshotted.class);

            assertThat(host.replicaFiles()).hasSize(files + 1);
        }
    }

    /** The engine keeps the newest two of these beside the database, and the first is at the replica alone. */
    private void keepThreePoints() {
        for (String note : new String[] {"first", "second", "third"}) {
            file.execute("INSERT INTO t (note) VALUES ('" + note + "')");
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        }
    }

    private Outcome adoptAndKeep() {
        return host.snapshots()
                .snapshot(host.database(), new SnapshotRequest("test", true, true, Optional.empty()))
                .result();
    }

    @Test
    void a_database_equal_to_the_head_is_adopted_when_the_state_folder_was_lost() {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        host.loseStateFolder();

        host.offload();

        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.rows()).isEqualTo(50);
    }

    @Test
    void a_database_that_went_on_is_refused_when_both_its_records_were_lost() {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        file.addRow();
        host.loseStateFolder();

        assertRefusedBeforeUpload(host);

        assertThat(host.adopt()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void an_upload_that_was_never_written_down_is_known_by_the_engines_state() throws IOException {
        file.withRows("WAL", 50);
        host.keep();
        Path state = host.settings().stateFolder().resolve("state.json");
        byte[] older = Files.readAllBytes(state);
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('one')");
            host.keep();
            Files.write(state, older);
            host.restart();
            other.sql("INSERT INTO t (note) VALUES ('two')");
        }

        host.offload();

        assertThat(host.restoredContent()).contains(":one").contains(":two");
    }

    @Test
    void an_emptied_replica_is_not_believed() {
        file.withRows("WAL", 50);
        host.keep();
        Host.delete(replica);
        file.addRow();

        assertFailed(host.snapshot(), FailureKind.REPLICA_MISSING);
        assertThat(host.replicaFiles()).isEmpty();
        assertThat(host.adopt()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void an_emptied_replica_is_not_taken_for_a_first_start() {
        file.withRows("WAL", 50);
        host.offload();
        Host.delete(replica);

        assertFailed(host.start(), FailureKind.REPLICA_MISSING);
        assertThat(file.exists()).isFalse();
    }

    @Test
    void a_replica_that_lost_the_engines_files_but_not_our_record_is_not_taken_for_a_first_start() {
        file.withRows("WAL", 50);
        host.offload();
        host.loseStateFolder();
        Host.delete(replica.resolve("ltx"));

        assertFailed(host.start(), FailureKind.REPLICA_MISSING);
    }

    @Test
    void a_replica_with_an_identity_and_nothing_else_is_not_taken_for_a_first_start() throws IOException {
        file.withRows("WAL", 50);
        host.offload();
        host.loseStateFolder();
        Host.delete(replica.resolve("ltx"));
        Files.delete(replica.resolve("litestow/proofs.json"));

        assertFailed(host.start(), FailureKind.REPLICA_MISSING);
    }

    @Test
    void a_replica_without_its_newest_file_is_not_believed() throws IOException {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        file.addRow();
        host.offload();
        deleteNewest();

        assertFailed(host.restore(), FailureKind.PROOF_FAILED);
        assertThat(file.exists()).isFalse();
    }

    @Test
    void a_replica_without_its_newest_file_gets_it_again_from_the_database_that_is_there() throws IOException {
        file.withRows("WAL", 50);
        try (Application other = new Application().open(file.file())) {
            host.keep();
            other.sql("INSERT INTO t (note) VALUES ('one')");
            host.keep();
            deleteNewest();
            other.sql("INSERT INTO t (note) VALUES ('two')");
            host.snapshot();
        }
        host.offload();
        assertThat(host.restoredContent()).contains(":one").contains(":two");
    }

    @Test
    void a_replica_that_was_healed_ends_where_the_journal_says() throws IOException {
        file.withRows("WAL", 50);
        try (Application other = new Application().open(file.file())) {
            other.sql("SELECT count(*) FROM t");
            host.keep();
            damageAll();
            other.sql("INSERT INTO t (note) VALUES ('one')");
            // In use, it is restored when its proof is due.
            host.later(Duration.ofDays(2));
            host.engine().forget();
            AtomicBoolean written = new AtomicBoolean();
            host.engine().beforeReplicate(() -> {
                if (host.engine().calls().contains("replicate with snapshot") && !written.getAndSet(true)) {
                    other.sql("INSERT INTO t (note) VALUES ('meanwhile')");
                }
            });

            Outcome healed = host.snapshot();

            assertThat(healed).isInstanceOf(Outcome.Snapshotted.class);
            assertThat(host.lastRun().warnings()).anyMatch(warning -> warning.contains("whole snapshot"));
            assertThat(host.database().journal().state().newest())
                    .hasValueSatisfying(point -> assertThat(point.txid())
                            .isEqualTo(healed.restorePoint().orElseThrow().txid()));
            assertThat(host.database().journal().state().lineage().orElseThrow().head())
                    .contains(healed.restorePoint().orElseThrow().txid());
        }
        assertThat(host.restoredContent()).contains(":one").contains(":meanwhile");
        host.engine().beforeReplicate(() -> {});
        host.offload();
    }

    @Test
    void a_replica_damaged_wherever_it_can_be_takes_a_sound_database_all_the_same() throws IOException {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        file.execute("INSERT INTO t (note) VALUES ('one')");
        host.offload();
        host.restore();
        damageAll();
        file.execute("INSERT INTO t (note) VALUES ('two')");

        host.offload();

        assertThat(host.restoredContent()).contains(":one").contains(":two");
        assertThat(host.lastRun().warnings()).anyMatch(warning -> warning.contains("whole snapshot"));
    }

    private void damageAll() throws IOException {
        try (Stream<Path> files = Files.walk(replica.resolve("ltx"))) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                bytes[bytes.length / 2] ^= 1;
                Files.write(path, bytes);
            }
        }
    }

    private void deleteNewest() throws IOException {
        String newest;
        try (Stream<Path> files = Files.walk(replica.resolve("ltx"))) {
            newest = files.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.endsWith(".ltx"))
                    .map(name -> name.substring(17, 33))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        try (Stream<Path> files = Files.walk(replica.resolve("ltx"))) {
            for (Path path : files.filter(path -> path.toString().endsWith("-" + newest + ".ltx"))
                    .toList()) {
                Files.delete(path);
            }
        }
    }
}
