package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that fails leaves nothing that the next one takes for a database. */
class FailedRestoreTest {
    @TempDir
    Path temp;

    private Path replica;
    private Host host;
    private TestDatabase file;
    private String content;

    @BeforeEach
    void an_offloaded_database() {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        file = host.file();
        file.withRows("WAL", 50);
        content = file.content();
        host.offload();
    }

    private Path state(String name) {
        return host.settings().stateFolder().resolve(name);
    }

    @Test
    void an_empty_file_that_cannot_be_cleared_stays_empty() throws IOException {
        Files.createFile(file.file());
        Files.createFile(host.settings().side("-wal"));
        Files.createFile(state("quarantine"));

        assertFailed(host.restore(), FailureKind.DISK);
        assertFailed(host.start(), FailureKind.DISK);

        assertThat(file.file()).isEmptyFile();
        Files.delete(state("quarantine"));
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void what_is_not_moved_whole_is_put_back() throws IOException {
        Files.writeString(file.file(), "something foreign");
        Files.writeString(host.settings().side("-wal"), "its log");
        Path inTheWay = state("quarantine");
        host.engine().afterRestore(output -> file(inTheWay));

        assertFailed(host.replace(), FailureKind.DISK);

        assertThat(file.file()).hasContent("something foreign");
        assertThat(host.settings().side("-wal")).hasContent("its log");
    }

    private static void file(Path path) {
        try {
            Files.createFile(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_restore_that_cannot_be_announced_puts_nothing_there() throws IOException {
        Path journal = state("state.json");
        byte[] before = Files.readAllBytes(journal);
        host.engine().afterRestore(output -> replaceByFolder(journal));

        assertFailed(host.restore(), FailureKind.DISK);

        assertThat(file.exists()).isFalse();
        host.engine().afterRestore(output -> {});
        Host.delete(journal);
        Files.write(journal, before);
        host.restart();
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    private static void replaceByFolder(Path journal) {
        try {
            Files.delete(journal);
            Files.createDirectories(journal.resolve("in the way"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_database_without_tables_counts_as_none() {
        file.execute("PRAGMA user_version=3");
        assertThat(file.file()).isNotEmptyFile();

        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);

        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void a_database_without_tables_counts_as_none_at_a_start_too() {
        file.execute("PRAGMA journal_mode=WAL");
        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void a_database_without_tables_never_becomes_the_head_by_adoption() {
        file.execute("PRAGMA user_version=3");
        assertFailed(host.adopt(), FailureKind.REFUSED);
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void a_database_whose_tables_the_application_dropped_stays() {
        host.restore();
        file.execute("DROP TABLE t");
        assertThat(host.restore()).isInstanceOf(Outcome.AlreadyPresent.class);
        assertThat(file.value("SELECT count(*) FROM sqlite_master WHERE name = 't'"))
                .isEqualTo("0");
    }

    @Test
    void a_database_without_tables_stays_while_the_replica_holds_nothing() {
        Host first = new Host(temp.resolve("first"), temp.resolve("empty"));
        first.file().execute("PRAGMA user_version=3");
        assertThat(first.start()).isInstanceOf(Outcome.AlreadyPresent.class);
        assertThat(first.file().value("PRAGMA user_version")).isEqualTo("3");
    }

    @Test
    void a_start_is_refused_on_a_database_that_somebody_made_before_the_restore() throws IOException {
        file.withRows("DELETE", 3);

        assertFailed(host.start(), FailureKind.REFUSED);

        assertThat(file.rows()).isEqualTo(3);
        Files.delete(file.file());
        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void a_start_goes_on_with_a_database_that_is_built_anew_each_time() {
        host.with("snapshot.adopt", true);
        file.withRows("DELETE", 3);
        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);
    }

    @Test
    void a_start_goes_on_with_a_database_that_is_there_before_the_first_backup() {
        Host first = new Host(temp.resolve("first"), temp.resolve("empty"));
        first.file().withRows("DELETE", 3);
        assertThat(first.start()).isInstanceOf(Outcome.AlreadyPresent.class);
    }

    @Test
    void a_new_machine_gives_owner_and_mode_as_the_replica_records_them() throws IOException {
        host.restore();
        Files.setPosixFilePermissions(file.file(), PosixFilePermissions.fromString("rw-rw-r--"));
        file.addRow();
        host.offload();

        Host second = new Host(temp.resolve("second"), replica);
        assertThat(second.start()).isInstanceOf(Outcome.Restored.class);

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(second.file().file())))
                .isEqualTo("rw-rw-r--");
    }
}
