package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotRunTest {
    private static final String STATE = ".db.sqlite-litestow";

    @TempDir
    Path temp;

    private Host host;
    private TestDatabase file;

    @BeforeEach
    void aHost() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        file = host.file();
    }

    private static Kept keptBecause(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Snapshotted.class);
        return ((Outcome.Snapshotted) outcome).kept();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void offloaded_and_restored_every_row_is_back_and_nothing_else_was_left(String mode) {
        file.withRows(mode, 200);
        String content = file.content();

        Outcome.Offloaded offloaded = host.offload();

        assertThat(offloaded.point().assurance()).isEqualTo(Assurance.OFFLOADED);
        assertThat(file.neighbours()).containsExactly(STATE);
        assertThat(host.restoredContent()).isEqualTo(content);
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
        assertThat(file.neighbours()).containsExactly(STATE, TestDatabase.NAME);
    }

    @Test
    void round_after_round_nothing_is_lost() {
        file.withRows("WAL", 50);
        for (int round = 0; round < 5; round++) {
            file.addRow();
            String content = file.content();
            host.offload();
            assertThat(host.restoredContent()).isEqualTo(content);
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            assertThat(file.content()).isEqualTo(content);
        }
    }

    @Test
    void no_database_is_nothing_to_snapshot() {
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(host.engine().calls()).isEmpty();
    }

    @Test
    void what_is_to_be_kept_is_proven_and_kept() {
        file.withRows("WAL", 50);
        String content = file.content();

        Outcome kept = host.keep();

        assertThat(keptBecause(kept)).isEqualTo(Kept.ASKED);
        assertThat(kept.restorePoint().map(RestorePoint::assurance)).contains(Assurance.PROVEN);
        assertThat(file.content()).isEqualTo(content);
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void settings_that_keep_the_database_are_followed() {
        file.withRows("WAL", 50);
        host.with("snapshot.deleteLocal", false);
        assertThat(keptBecause(host.snapshot())).isEqualTo(Kept.ASKED);
        assertThat(file.rows()).isEqualTo(50);
    }

    @Test
    void a_database_in_use_is_uploaded_and_kept_and_its_user_goes_on() {
        file.withRows("WAL", 50);
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('one')");

            Outcome outcome = host.snapshot();

            assertThat(keptBecause(outcome)).isEqualTo(Kept.IN_USE);
            assertThat(outcome.success()).isTrue();
            other.sql("INSERT INTO t (note) VALUES ('two')");
            assertThat(host.restoredContent()).contains(":one").doesNotContain(":two");
        }
        assertThat(file.rows()).isEqualTo(52);
        host.offload();
        assertThat(host.restoredContent()).contains(":one").contains(":two");
    }

    @Test
    void somebody_who_writes_during_each_attempt_keeps_the_database() {
        file.withRows("WAL", 50);
        AtomicInteger written = new AtomicInteger();
        try (Application other = new Application().impatient()) {
            host.engine().afterRestore(output -> {
                other.open(file.file());
                if (other.attempt("INSERT INTO t (note) VALUES ('x')").startsWith("ok")) {
                    written.incrementAndGet();
                }
                other.closeConnection();
            });
            assertThat(keptBecause(host.snapshot())).isEqualTo(Kept.CHANGED);
        }
        assertThat(written).hasValueGreaterThanOrEqualTo(3);
        assertThat(file.rows()).isEqualTo(50 + written.get());
        host.engine().afterRestore(output -> {});
        host.offload();
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.rows()).isEqualTo(50 + written.get());
    }

    @Test
    void a_row_written_during_the_first_attempt_is_in_the_second() {
        file.withRows("WAL", 50);
        host.engine().afterReplicate(() -> {
            file.addRow();
            host.engine().afterReplicate(() -> {});
        });
        host.offload();
        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void unchanged_since_the_restore_needs_no_process_and_uploads_nothing() {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        host.engine().forget();
        Map<String, String> before = host.replicaFiles();

        host.offload();

        assertThat(host.engine().calls()).isEmpty();
        assertThat(host.replicaFiles()).isEqualTo(before);
        assertThat(host.lastRun().statistics().uploadedBytes()).contains(0L);
        assertThat(file.exists()).isFalse();
        host.restore();
        file.addRow();
        host.offload();
        assertThat(host.restoredContent()).contains("51:added");
    }

    @Test
    void an_unchanged_database_is_proven_anew_once_its_last_proof_is_old() throws Exception {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        assertThat(host.keep()).isInstanceOf(Outcome.Unchanged.class);
        host.database().journal().change(change -> change.provenAt(Instant.EPOCH));

        Outcome outcome = host.keep();

        assertThat(outcome).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(outcome.restorePoint().orElseThrow().assurance()).isNotEqualTo(Assurance.CONFIRMED);
        assertThat(host.database().journal().state().provenAt())
                .hasValueSatisfying(time -> assertThat(time).isAfter(Instant.EPOCH));
    }

    @Test
    void unchanged_while_it_is_kept_needs_no_process_once_its_log_has_settled() throws IOException {
        file.withRows("WAL", 50);
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('one')");
            host.keep();
            Files.setLastModifiedTime(
                    file.file().resolveSibling("db.sqlite-wal"),
                    FileTime.from(Instant.now().minusSeconds(10)));
            host.keep();
            host.engine().forget();

            assertThat(host.keep()).isInstanceOf(Outcome.Unchanged.class);

            assertThat(host.engine().calls()).isEmpty();
            other.sql("INSERT INTO t (note) VALUES ('two')");
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
            assertThat(host.restoredContent()).contains(":two");
        }
    }

    @Test
    void a_file_without_bytes_never_reaches_the_replica() throws IOException {
        offloadedOnce();
        Map<String, String> before = host.replicaFiles();
        Files.createFile(file.file());

        assertFailed(host.snapshot(), FailureKind.REFUSED);
        assertFailed(host.adopt(), FailureKind.REFUSED);

        assertThat(host.replicaFiles()).isEqualTo(before);
        assertThat(file.file()).isEmptyFile();
    }

    @Test
    void something_else_than_a_database_never_reaches_the_replica() throws IOException {
        offloadedOnce();
        Map<String, String> before = host.replicaFiles();
        Files.writeString(file.file(), "not a database\n".repeat(100));

        assertFailed(host.snapshot(), FailureKind.SOURCE_DAMAGED);
        assertFailed(host.adopt(), FailureKind.SOURCE_DAMAGED);

        assertThat(host.replicaFiles()).isEqualTo(before);
        assertThat(file.file()).content().startsWith("not a database");
    }

    @Test
    void a_damaged_database_never_reaches_the_replica() throws IOException {
        offloadedOnce();
        host.restore();
        file.addRow();
        Map<String, String> before = host.replicaFiles();
        overwrite(file.file(), 4096, new byte[4096]);

        assertFailed(host.snapshot(), FailureKind.SOURCE_DAMAGED);

        assertThat(host.replicaFiles()).isEqualTo(before);
        assertThat(file.exists()).isTrue();
    }

    @Test
    void a_database_that_shrank_beyond_the_limit_never_reaches_the_replica() {
        file.withRows("WAL", 2_000);
        host.offload();
        host.restore();
        Map<String, String> before = host.replicaFiles();
        file.execute("DELETE FROM t WHERE id > 10", "VACUUM");

        assertFailed(host.snapshot(), FailureKind.REFUSED);

        assertThat(host.replicaFiles()).isEqualTo(before);
        assertThat(file.rows()).isEqualTo(10);
        assertThat(host.adopt()).isInstanceOf(Outcome.Offloaded.class);
    }

    @Test
    void a_database_with_a_second_name_is_refused_before_it_would_be_deleted() throws IOException {
        file.withRows("WAL", 50);
        Path backup = Files.createLink(temp.resolve("backup"), file.file());

        assertFailed(host.snapshot(), FailureKind.REFUSED);

        assertThat(((Outcome.Failed) host.lastRun().result()).hint())
                .contains("true copies", "LITESTOW_SNAPSHOT_DELETE_LOCAL=false");
        assertThat(host.engine().calls()).isEmpty();
        assertThat(keptBecause(host.keep())).isEqualTo(Kept.ASKED);
        Files.delete(backup);
        host.offload();
    }

    @ParameterizedTest
    @ValueSource(strings = {"second.db-wal", "second.db-journal", ".second.db-litestow"})
    void a_file_that_is_a_database_under_its_second_name_too_is_not_touched(String beside) throws IOException {
        file.withRows("WAL", 50);
        host.keep();
        Files.createLink(file.file().resolveSibling("second.db"), file.file());
        assertThat(keptBecause(host.keep())).isEqualTo(Kept.ASKED);
        Path used = Files.createFile(file.file().resolveSibling(beside));
        host.engine().forget();

        assertFailed(host.keep(), FailureKind.REFUSED);
        assertFailed(host.verify(), FailureKind.REFUSED);

        assertThat(host.engine().calls()).isEmpty();
        Files.delete(used);
        assertThat(keptBecause(host.keep())).isEqualTo(Kept.ASKED);
    }

    @Test
    void a_symbolic_link_is_refused() throws IOException {
        TestDatabase elsewhere = TestDatabase.at(temp.resolve("elsewhere.db")).withRows("WAL", 5);
        Files.createSymbolicLink(file.file(), elsewhere.file());

        assertFailed(host.snapshot(), FailureKind.REFUSED);

        assertThat(elsewhere.rows()).isEqualTo(5);
        assertThat(host.replicaFiles()).isEmpty();
    }

    @Test
    void the_replicas_own_record_outlives_the_state_folder() throws Failure {
        file.withRows("WAL", 50);
        RestorePoint point = host.offload().point();
        host.loseStateFolder();

        assertThat(host.database().replica().proofs()).containsExactly(point);
        host.database().learn();
        assertThat(host.database().journal().state().newestProven()).contains(point);
        assertThat(host.database().journal().state().offloaded()).isTrue();
    }

    @Test
    void the_journal_says_how_every_run_ended() {
        file.withRows("WAL", 50);
        host.offload();
        host.restore();
        host.restart();
        assertThat(host.database().journal().runs())
                .extracting(run -> run.result().label())
                .containsExactly("offloaded", "restored");
        assertThat(host.lastRun().result()).isInstanceOf(Outcome.Restored.class);
    }

    @Test
    void a_verification_proves_and_deletes_nothing() {
        file.withRows("WAL", 50);
        Outcome verified = host.verify();
        assertThat(verified).isInstanceOf(Outcome.Verified.class);
        assertThat(verified.restorePoint().map(RestorePoint::assurance)).contains(Assurance.PROVEN);
        assertThat(file.rows()).isEqualTo(50);
        host.offload();
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
    }

    @Test
    void scratch_is_empty_after_every_run() {
        file.withRows("WAL", 50);
        List<Supplier<Outcome>> runs = List.of(host::keep, host::snapshot, host::restore, host::verify);
        for (Supplier<Outcome> run : runs) {
            Outcome outcome = run.get();
            assertThat(outcome.success()).as(outcome.toString()).isTrue();
            assertThat(host.settings().stateFolder().resolve("scratch")).doesNotExist();
        }
    }

    private void offloadedOnce() {
        file.withRows("WAL", 200);
        host.offload();
    }

    private static void overwrite(Path file, long from, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), from);
        }
    }
}
