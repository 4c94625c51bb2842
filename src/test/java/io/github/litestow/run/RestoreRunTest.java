package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.restore.QuarantinedFiles;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.RestoreRequest.Point;
import io.github.litestow.run.restore.RestoreRequest.Target;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreRunTest {
    private static final String STATE = ".db.sqlite-litestow";

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

    private String offloaded(int rows) {
        file.withRows("WAL", rows);
        String content = file.content();
        host.offload();
        return content;
    }

    private TestDatabase quarantined() throws Failure {
        List<QuarantinedFiles> entries = host.restores().quarantine(host.database());
        assertThat(entries).hasSize(1);
        return TestDatabase.at(entries.get(0).folder().resolve(TestDatabase.NAME));
    }

    @Test
    void an_empty_replica_is_a_first_start_unless_a_restore_is_required() {
        assertThat(host.start()).isInstanceOf(Outcome.NothingToRestore.class);
        assertFailed(host.restore(RestoreRequest.atStart(true, false)), FailureKind.REPLICA_MISSING);
        assertThat(file.exists()).isFalse();
    }

    @Test
    void what_is_there_is_never_overwritten() {
        offloaded(50);
        host.restore();
        file.addRow();
        String content = file.content();

        assertThat(host.restore()).isInstanceOf(Outcome.AlreadyPresent.class);
        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);

        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void something_foreign_is_never_overwritten_nor_called_the_database() throws IOException {
        offloaded(50);
        Files.writeString(file.file(), "something else");
        assertFailed(host.restore(), FailureKind.SOURCE_DAMAGED);
        assertFailed(host.start(), FailureKind.SOURCE_DAMAGED);
        assertThat(file.file()).hasContent("something else");
    }

    @Test
    void what_another_replica_holds_is_not_taken_for_the_database_that_was_offloaded() throws IOException {
        offloaded(50);
        anotherReplicaIsCopiedThere();

        assertFailed(host.restore(), FailureKind.REFUSED);
        assertFailed(host.start(), FailureKind.REFUSED);
        assertFailed(host.verify(), FailureKind.REFUSED);
        host.asCommands();
        assertFailed(host.snapshot(), FailureKind.REFUSED);
        assertThat(file.exists()).isFalse();

        assertThat(host.restore(RestoreRequest.newest("test", true))).isInstanceOf(Outcome.Restored.class);
        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);
        assertThat(host.keep().failure()).isEmpty();
    }

    @Test
    void an_unchanged_database_is_not_brought_forward_to_what_another_replica_holds() throws IOException {
        file.withRows("WAL", 50);
        host.keep();
        String content = file.content();
        anotherReplicaIsCopiedThere();

        host.start();

        assertThat(file.content()).isEqualTo(content);
    }

    private void anotherReplicaIsCopiedThere() throws IOException {
        Path other = temp.resolve("another-replica");
        Host second = new Host(temp.resolve("another"), other);
        second.file().withRows("WAL", 7);
        second.keep();
        second.file().addRow();
        second.keep();
        second.file().addRow();
        second.keep();
        Files.move(replica, temp.resolve("moved-away"));
        Files.move(other, replica);
    }

    @Test
    void something_foreign_in_the_place_of_a_database_that_stayed_is_not_called_the_database() throws IOException {
        file.withRows("WAL", 50);
        host.keep();
        Files.writeString(file.file(), "something else");

        assertFailed(host.start(), FailureKind.SOURCE_DAMAGED);
        assertThat(file.file()).hasContent("something else");
    }

    @Test
    void replaced_it_goes_to_quarantine_with_every_row() throws Failure {
        String content = offloaded(50);
        host.restore();
        file.addRow();
        String replaced = file.content();

        assertThat(host.replace()).isInstanceOf(Outcome.Restored.class);

        assertThat(file.content()).isEqualTo(content);
        assertThat(quarantined().content()).isEqualTo(replaced);
    }

    @Test
    void a_database_in_use_is_not_replaced() {
        offloaded(50);
        host.restore();
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('one')");
            assertFailed(host.replace(), FailureKind.BUSY);
            other.sql("INSERT INTO t (note) VALUES ('two')");
        }
        assertThat(file.rows()).isEqualTo(52);
    }

    @Test
    void stale_side_files_are_quarantined_and_not_replayed() throws IOException {
        String content = offloaded(200);
        // The side files of another database of the same shape, left without their main file.
        TestDatabase other = TestDatabase.at(temp.resolve("other.db")).withRows("WAL", 90);
        try (Application writer = new Application().open(other.file())) {
            writer.sql("DELETE FROM t WHERE id % 3 = 0");
            for (String suffix : List.of("-wal", "-shm")) {
                Files.copy(
                        other.file().resolveSibling("other.db" + suffix),
                        file.file().resolveSibling(TestDatabase.NAME + suffix));
            }
        }
        Files.createDirectories(host.settings().engineFolder().resolve("ltx/0"));

        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);

        assertThat(file.content()).isEqualTo(content);
        assertThat(file.neighbours()).containsExactly(STATE, TestDatabase.NAME);
        assertThat(host.lastRun().warnings()).singleElement().asString().contains("quarantine");
    }

    @Test
    void its_own_stale_log_is_not_replayed_either() throws IOException {
        file.withRows("WAL", 200);
        Path kept = temp.resolve("kept-wal");
        try (Application writer = new Application().open(file.file())) {
            writer.sql("UPDATE t SET note = 'old'");
            Files.copy(file.file().resolveSibling("db.sqlite-wal"), kept);
            writer.sql("UPDATE t SET note = 'new'");
        }
        String content = file.content();
        host.offload();
        Files.copy(kept, file.file().resolveSibling("db.sqlite-wal"));

        host.restore();

        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void the_empty_file_of_an_applications_connect_gives_way() throws IOException {
        String content = offloaded(50);
        Files.createFile(file.file());
        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void owner_and_mode_come_back() throws IOException {
        file.withRows("WAL", 5);
        Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("rw-rw-r--"));
        host.offload();
        host.restore();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.file())))
                .isEqualTo("rw-rw-r--");
    }

    @Test
    void an_unchanged_copy_is_brought_forward_when_another_host_moved_on() throws Failure {
        String content = offloaded(50);
        host.restore();
        Host second = new Host(temp.resolve("second"), replica);
        second.restore();
        second.file().addRow();
        second.offload();

        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);

        assertThat(file.content()).contains("51:added");
        assertThat(quarantined().content()).isEqualTo(content);
    }

    @Test
    void a_changed_copy_is_not_brought_forward() {
        offloaded(50);
        host.restore();
        Host second = new Host(temp.resolve("second"), replica);
        second.restore();
        second.file().addRow();
        second.offload();
        file.execute("INSERT INTO t (note) VALUES ('mine')");

        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);

        assertThat(file.content()).contains("51:mine");
    }

    @Test
    void a_point_in_time_and_a_transaction_can_be_gone_back_to() {
        String first = offloaded(50);
        RestorePoint point = host.lastRun().result().restorePoint().orElseThrow();
        host.restore();
        file.addRow();
        host.offload();

        Path byTransaction = temp.resolve("by-transaction.db");
        host.restore(to(byTransaction, new Point(Optional.of(point.txid()), Optional.empty())));
        assertThat(TestDatabase.at(byTransaction).content()).isEqualTo(first);
        Path byTime = temp.resolve("by-time.db");
        host.restore(to(byTime, new Point(Optional.empty(), Optional.of(point.time()))));
        assertThat(TestDatabase.at(byTime).content()).isEqualTo(first);
        Outcome tooEarly = host.restore(to(
                temp.resolve("too-early.db"),
                new Point(Optional.empty(), Optional.of(point.time().minusSeconds(3600)))));
        assertThat(tooEarly)
                .as("names the first there is")
                .isEqualTo(new Outcome.NothingToRestore(Optional.of(point), Optional.empty()));
        assertFailed(host.restore(to(byTime, Point.NEWEST)), FailureKind.REFUSED);
        assertThat(TestDatabase.at(byTime).content()).isEqualTo(first);
        assertThat(file.exists()).isFalse();
    }

    @Test
    void a_transaction_that_the_replica_does_not_hold_is_nothing_to_restore_and_names_the_first_there_is() {
        offloaded(50);
        RestorePoint point = host.lastRun().result().restorePoint().orElseThrow();
        Optional<String> unknown = Optional.of("00000000000000ff");

        assertThat(host.restore(to(temp.resolve("unknown.db"), new Point(unknown, Optional.empty()))))
                .isEqualTo(new Outcome.NothingToRestore(Optional.of(point), unknown))
                .satisfies(outcome ->
                        assertThat(outcome.words()).contains("no restore point 00000000000000ff", point.txid()));
        assertThat(file.exists()).isFalse();
    }

    @Test
    void a_file_that_cannot_be_made_is_refused_before_anything_is_downloaded() {
        offloaded(50);
        host.engine().forget();

        assertFailed(host.restore(to(temp.resolve("missing/new.db"), Point.NEWEST)), FailureKind.REFUSED);
        assertThat(((Outcome.Failed) host.lastRun().result()).hint()).contains("mkdir -p " + temp.resolve("missing"));
        assertFailed(
                host.restore(to(file.file().resolveSibling(".db.sqlite-litestow/lock"), Point.NEWEST)),
                FailureKind.REFUSED);

        assertThat(host.engine().calls()).isEmpty();
        assertThat(host.restore(to(temp.resolve("new.db"), Point.NEWEST))).isInstanceOf(Outcome.Restored.class);
    }

    private static RestoreRequest to(Path target, Point point) {
        return new RestoreRequest("test", point, new Target(Optional.of(target), false, false), false, false);
    }

    @Test
    void a_database_put_back_to_an_older_point_becomes_the_head_with_the_next_snapshot() {
        String first = offloaded(50);
        RestorePoint point = host.lastRun().result().restorePoint().orElseThrow();
        host.restore();
        file.addRow();
        host.offload();

        host.restore(new RestoreRequest(
                "test",
                new Point(Optional.of(point.txid()), Optional.empty()),
                new Target(Optional.empty(), false, false),
                false,
                false));
        assertThat(file.content()).isEqualTo(first);
        host.offload();

        assertThat(host.restoredContent()).isEqualTo(first);
    }

    @Test
    void a_damaged_newest_point_fails_naming_the_one_before_and_the_fallback_takes_it() throws IOException {
        String first = offloaded(50);
        RestorePoint point = host.lastRun().result().restorePoint().orElseThrow();
        host.restore();
        file.addRow();
        host.offload();
        damageNewest();

        assertFailed(host.restore(), FailureKind.PROOF_FAILED);
        assertThat(((Outcome.Failed) host.lastRun().result()).hint()).contains(point.txid());
        assertThat(file.exists()).isFalse();

        assertThat(host.restore(RestoreRequest.atStart(false, true))).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(first);

        file.execute("INSERT INTO t (note) VALUES ('after')");
        String content = file.content();
        host.offload();
        assertThat(host.restoredContent()).isEqualTo(content);
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    private void damageNewest() throws IOException {
        Map<String, String> files = host.replicaFiles();
        String newest = files.keySet().stream()
                .map(key -> key.substring(key.length() - 20))
                .max(String::compareTo)
                .orElseThrow();
        for (String key : files.keySet()) {
            if (key.endsWith(newest)) {
                Path damaged = replica.resolve(key);
                byte[] bytes = Files.readAllBytes(damaged);
                bytes[bytes.length / 2] ^= 1;
                Files.write(damaged, bytes);
            }
        }
    }

    @Test
    void a_failed_restore_leaves_nothing_at_the_databases_path() throws IOException {
        offloaded(50);
        try (Stream<Path> files = Files.walk(replica.resolve("ltx"))) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                Files.write(path, new byte[(int) Files.size(path)]);
            }
        }
        assertThat(host.start()).isInstanceOf(Outcome.Failed.class);
        assertThat(file.neighbours()).containsExactly(STATE);
    }
}
