package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.application.Application;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
    private static final String TXID = "000000000000002a";
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String INSERT = "INSERT INTO t (note) VALUES ('late')";

    private static final String STATE = ".db.sqlite-litestow";

    @TempDir
    Path folder;

    private TestDatabase database;
    private Path scratch;

    @BeforeEach
    void names() {
        database = TestDatabase.in(folder);
        scratch = folder.resolve("scratch");
    }

    private Optional<Seal> take() throws Failure {
        return Seal.take(database.settings(), SHORT);
    }

    /** Makes a database of ten rows, and a copy of it where a restore would lie. */
    private void made(String journalMode) {
        database.withRows(journalMode, 10).copyTo(scratch);
    }

    private static void assertKind(FailureKind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void somebody_who_reads_keeps_the_seal_away_and_is_not_disturbed(String mode) throws Failure {
        made(mode);
        try (Application other = new Application().open(database.file())) {
            other.sql("BEGIN");
            other.sql("SELECT count(*) FROM t");

            assertThat(take()).isEmpty();

            assertThat(other.sql("SELECT count(*) FROM t")).isEqualTo("10");
            other.sql("COMMIT");
            other.sql(INSERT);
            assertThat(other.sql("PRAGMA journal_mode")).isEqualToIgnoringCase(mode);
        }
        assertThat(database.rows()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void somebody_who_writes_keeps_the_seal_away_and_is_not_disturbed(String mode) throws Failure {
        made(mode);
        try (Application other = new Application().open(database.file())) {
            other.sql("BEGIN IMMEDIATE");
            other.sql(INSERT);

            assertThat(take()).isEmpty();

            other.sql("COMMIT");
        }
        assertThat(database.rows()).isEqualTo(11);
    }

    @Test
    void an_idle_connection_that_has_read_the_write_ahead_log_keeps_the_seal_away() throws Failure {
        made("WAL");
        try (Application other = new Application().open(database.file())) {
            other.sql("SELECT count(*) FROM t");

            assertThat(take()).isEmpty();

            other.sql(INSERT);
        }
        assertThat(database.rows()).isEqualTo(11);
    }

    /** Whoever asks over HTTP what differs from the local database looks at it beside the run that deletes it. */
    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void a_look_at_the_file_while_it_is_sealed_lets_nobody_in(String mode) throws Failure {
        made(mode);
        try (Application other = new Application().open(database.file()).impatient()) {
            try (Seal seal = take().orElseThrow()) {
                LocalFile.look(database.settings());
                Fingerprint.take(database.settings());

                assertThat(other.attempt(INSERT)).contains("locked");
                assertThat(seal.compare(scratch, TXID, WorkLimit.none())).isPresent();
            }
            other.sql(INSERT);
        }
        assertThat(database.rows()).isEqualTo(11);
    }

    @Test
    void a_connection_that_was_closed_does_not_keep_the_seal_away() throws Failure {
        made("WAL");
        try (Application other = new Application().open(database.file())) {
            other.sql("SELECT count(*) FROM t");
            other.closeConnection();
            try (Seal seal = take().orElseThrow()) {
                assertThat(seal.compare(scratch, TXID, WorkLimit.none())).isPresent();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void nobody_reads_or_writes_under_the_seal(String mode) throws Failure {
        made(mode);
        try (Application other = new Application().open(database.file()).impatient()) {
            try (Seal seal = take().orElseThrow()) {
                assertThat(other.attempt("SELECT count(*) FROM t")).contains("locked");
                assertThat(other.attempt(INSERT)).contains("locked");
                assertThat(seal.compare(scratch, TXID, WorkLimit.none())).isPresent();
                assertThat(other.attempt(INSERT)).contains("locked");
            }
            other.sql(INSERT);
        }
        assertThat(database.rows()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void undone_it_leaves_the_database_as_it_was(String mode) throws Failure {
        made(mode);
        String content = database.content();
        List<String> before = database.neighbours();

        take().orElseThrow().close();

        assertThat(database.neighbours()).isEqualTo(before);
        assertThat(database.value("PRAGMA journal_mode")).isEqualToIgnoringCase(mode);
        assertThat(database.value("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(database.content()).isEqualTo(content);
    }

    @Test
    void rows_that_only_the_write_ahead_log_holds_are_under_the_seal_too() throws Failure {
        made("WAL");
        try (Application other = new Application().open(database.file())) {
            other.sql("PRAGMA wal_autocheckpoint=0");
            other.sql(INSERT);
        }
        assertThat(folder.resolve("db.sqlite-wal")).isNotEmptyFile();

        try (Seal seal = take().orElseThrow()) {
            assertThat(seal.compare(scratch, TXID, WorkLimit.none())).isEmpty();
        }

        assertThat(database.rows()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE"})
    void a_changed_row_is_no_proof(String mode) throws Failure {
        made(mode);
        database.execute("UPDATE t SET note = 'x' || substr(note, 2) WHERE id = 5");

        try (Seal seal = take().orElseThrow()) {
            assertThat(seal.compare(scratch, TXID, WorkLimit.none())).isEmpty();
        }

        assertThat(database.rows()).isEqualTo(10);
    }

    @Test
    void the_proof_of_another_seal_deletes_nothing() throws Failure {
        made("WAL");
        Proof earlier;
        try (Seal first = take().orElseThrow()) {
            earlier = first.compare(scratch, TXID, WorkLimit.none()).orElseThrow();
        }
        database.addRow();

        try (Seal second = take().orElseThrow()) {
            assertKind(FailureKind.PROOF_FAILED, () -> second.delete(earlier));
        }

        assertThat(database.rows()).isEqualTo(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAL", "DELETE", "PERSIST"})
    void a_proof_deletes_the_database_its_side_files_and_the_engines_state(String mode) throws Exception {
        made(mode);
        Path engine = database.settings().engineFolder();
        Files.createDirectories(engine.resolve("ltx/0"));
        Files.writeString(engine.resolve("ltx/0/some.ltx"), "state");

        try (Seal seal = take().orElseThrow()) {
            Proof proof = seal.compare(scratch, TXID, WorkLimit.none()).orElseThrow();
            assertThat(proof.txid()).isEqualTo(TXID);
            seal.delete(proof);
            assertKind(FailureKind.PROOF_FAILED, () -> seal.delete(proof));
        }

        assertThat(database.neighbours()).containsExactly(STATE, "scratch");
    }

    @Test
    void a_file_that_appears_beside_it_stops_the_deletion() throws Exception {
        made("WAL");
        String content = database.content();
        Path wal = folder.resolve("db.sqlite-wal");
        try (Seal seal = take().orElseThrow()) {
            Proof proof = seal.compare(scratch, TXID, WorkLimit.none()).orElseThrow();
            Files.createFile(wal);
            assertKind(FailureKind.BUSY, () -> seal.delete(proof));
            Files.delete(wal);
        }
        assertThat(database.content()).isEqualTo(content);
    }

    @Test
    void another_file_in_its_place_is_never_deleted() throws Exception {
        made("DELETE");
        Path aside = folder.resolve("aside");
        try (Seal seal = take().orElseThrow()) {
            Proof proof = seal.compare(scratch, TXID, WorkLimit.none()).orElseThrow();
            Files.move(database.file(), aside);
            Files.writeString(database.file(), "newcomer");
            assertKind(FailureKind.BUSY, () -> seal.delete(proof));
            Files.move(aside, database.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(database.rows()).isEqualTo(10);
    }

    @Test
    void a_deletion_that_fails_half_way_leaves_every_row() throws Exception {
        made("WAL");
        String content = database.content();
        try (Seal seal = take().orElseThrow()) {
            Proof proof = seal.compare(scratch, TXID, WorkLimit.none()).orElseThrow();
            Path undeletable = folder.resolve("db.sqlite-shm");
            Files.createDirectories(undeletable.resolve("full"));
            assertKind(FailureKind.DISK, () -> seal.delete(proof));
            StateFolder.delete(undeletable);
        }
        assertThat(database.content()).isEqualTo(content);
        assertThat(database.value("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(LocalFile.look(database.settings()).state()).isEqualTo(LocalFile.State.DATABASE);
    }

    @Test
    void a_hard_linked_copy_is_never_destroyed_by_a_deletion() throws Exception {
        made("WAL");
        Path backup = folder.resolve("backup");
        try (Seal seal = take().orElseThrow()) {
            Proof proof = seal.compare(scratch, TXID, WorkLimit.none()).orElseThrow();
            Files.createLink(backup, database.file());
            assertKind(FailureKind.REFUSED, () -> seal.delete(proof));
        }
        assertThat(database.rows()).isEqualTo(10);
        assertThat(TestDatabase.at(backup).rows()).isEqualTo(10);
        assertThat(database.value("PRAGMA journal_mode")).isEqualTo("wal");
    }

    @Test
    void a_quarantine_that_fails_puts_the_database_back_as_it_was() throws Exception {
        made("WAL");
        StateFolder.ensure(database.settings());
        Files.createFile(database.settings().stateFolder().resolve("quarantine"));
        try (Seal seal = take().orElseThrow()) {
            assertKind(FailureKind.DISK, () -> seal.quarantine(Instant.EPOCH));
        }
        assertThat(database.value("PRAGMA journal_mode")).isEqualTo("wal");
        assertThat(database.rows()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF", "WAL"})
    void an_old_handle_is_never_told_committed_after_the_deletion(String mode) throws Failure {
        made(mode.equals("WAL") ? "WAL" : "DELETE");
        try (Application waiting = openedIn(mode);
                Application idle = openedIn(mode)) {
            Seal seal = take().orElseThrow();
            waiting.waitingFor(INSERT);
            seal.delete(seal.compare(scratch, TXID, WorkLimit.none()).orElseThrow());
            seal.close();

            assertThat(waiting.answer()).startsWith("error ");
            assertThat(idle.attempt(INSERT)).startsWith("error ");
            assertThat(waiting.attempt(INSERT)).startsWith("error ");
            assertThat(idle.attempt("BEGIN IMMEDIATE")).startsWith("error ");
        }
        assertThat(database.exists()).isFalse();
    }

    /** In WAL a connection that has read would keep the seal away, so that one has not. */
    private Application openedIn(String mode) {
        Application other = new Application().open(database.file());
        if (!mode.equals("WAL")) {
            other.sql("PRAGMA journal_mode=" + mode);
            other.sql("PRAGMA synchronous=OFF");
            other.sql(INSERT + " RETURNING id");
            other.sql("DELETE FROM t WHERE note = 'late' RETURNING id");
            refresh();
        }
        return other;
    }

    private void refresh() {
        try {
            Files.deleteIfExists(scratch);
            database.copyTo(scratch);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_handle_that_waited_in_vain_for_the_deletion_goes_on_after_an_undo() throws Failure {
        made("WAL");
        try (Application other = new Application().open(database.file())) {
            Seal seal = take().orElseThrow();
            other.waitingFor(INSERT);
            seal.close();
            assertThat(other.answer()).startsWith("ok");
        }
        assertThat(database.rows()).isEqualTo(11);
    }

    @Test
    void a_marked_file_counts_as_deleted_and_only_such_a_file_is_removed_without_a_seal() throws Exception {
        made("WAL");
        assertKind(FailureKind.REFUSED, () -> InterruptedDeletion.delete(database.settings()));
        byte[] bytes = Files.readAllBytes(database.file());
        System.arraycopy(OffloadMark.of(TXID), 0, bytes, 0, OffloadMark.LENGTH);
        Files.write(database.file(), bytes);

        assertThat(LocalFile.look(database.settings()).state()).isEqualTo(LocalFile.State.MARKED);
        InterruptedDeletion.delete(database.settings());

        assertThat(database.neighbours()).containsExactly(STATE, "scratch");
    }
}
