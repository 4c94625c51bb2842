package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.control.Cancellation;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots upload what changed where that is known, and everything else is as with the engine. */
@Timeout(180)
class DifferenceRunTest {
    private static final int ROWS = 3_000;
    private static final String CHANGE = "UPDATE t SET note = hex(randomblob(50)) WHERE id = ";

    @TempDir
    Path temp;

    private Host host;
    private TestDatabase file;

    @BeforeEach
    void a_database_that_was_uploaded_whole() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        file = host.file();
        file.withRows("WAL", ROWS);
    }

    private void restoredAndChanged() {
        host.offload();
        host.restore();
        file.execute(CHANGE + 7);
        host.engine().forget();
    }

    private long uploaded() {
        return host.lastRun().statistics().uploadedBytes().orElseThrow();
    }

    private List<ReplicaFile> files() {
        try {
            return host.database().replica().files();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private long whole() {
        return files().stream().mapToLong(ReplicaFile::bytes).max().orElseThrow();
    }

    @Test
    void offload_cycles_upload_changed_pages_and_restore_what_was_written() {
        host.offload();
        for (int cycle = 1; cycle <= 5; cycle++) {
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            file.execute(CHANGE + cycle);
            String content = file.content();
            host.engine().forget();

            host.offload();

            assertThat(host.engine().calls()).as("cycle " + cycle).containsExactly("restore");
            assertThat(uploaded()).isPositive().isLessThan(whole() / 10);
            assertThat(host.restoredContent()).isEqualTo(content);
        }
        assertThat(host.lastRun().warnings()).isEmpty();
        assertThat(host.settings().stateFolder().resolve("difference")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "TRUNCATE", "PERSIST"})
    void what_an_application_that_was_killed_in_a_transaction_left_is_undone_and_the_database_goes(String journal)
            throws IOException {
        host.offload();
        host.restore();
        file.execute("PRAGMA journal_mode=" + journal, CHANGE + 1);
        String content = file.content();
        try (Application killed = new Application().openAndRead(file.file(), Duration.ofSeconds(5), journal)) {
            killed.sql("PRAGMA cache_size=5");
            killed.sql("BEGIN IMMEDIATE");
            killed.sql("UPDATE t SET note = note || ' not committed'");
        }
        assertThat(host.settings().side("-journal")).isNotEmptyFile();

        assertThat(host.snapshot()).isInstanceOf(Outcome.Offloaded.class);

        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void a_restore_reads_no_more_than_twice_the_database_and_few_files() throws Exception {
        host.offload();
        for (int cycle = 0; cycle < 12; cycle++) {
            host.restore();
            file.execute("UPDATE t SET note = hex(randomblob(50)) WHERE id % 30 = " + cycle);
            host.offload();
            String head = files().stream()
                    .map(ReplicaFile::maxTxid)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            long read = host.engine().plan(host.settings(), head, Duration.ofMinutes(1), new Cancellation()).stream()
                    .mapToLong(ReplicaFile::bytes)
                    .sum();
            assertThat(read).as("cycle " + cycle).isLessThanOrEqualTo(2 * whole());
        }
    }

    @Test
    void another_page_size_is_uploaded_whole_and_followed_by_differences() {
        host.offload();
        host.restore();
        file.execute("PRAGMA journal_mode=DELETE", "PRAGMA page_size=8192", "VACUUM");
        host.offload();
        restoredAfterRow();
    }

    private void restoredAfterRow() {
        host.restore();
        file.addRow();
        host.engine().forget();
        host.offload();
        assertThat(host.engine().calls()).containsExactly("restore");
        assertThat(host.restoredContent()).contains("added");
    }

    @Test
    void a_database_in_use_is_not_restored_at_each_slot() {
        file.execute(CHANGE + 1);
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('one')");
            assertThat(((Outcome.Snapshotted) host.snapshot()).kept()).isEqualTo(Kept.IN_USE);
            other.sql("INSERT INTO t (note) VALUES ('two')");
            host.engine().forget();
            assertThat(((Outcome.Snapshotted) host.snapshot()).kept()).isEqualTo(Kept.IN_USE);
            assertThat(host.engine().calls()).doesNotContain("restore");
            host.later(Duration.ofDays(2));
            assertThat(((Outcome.Snapshotted) host.snapshot()).kept()).isEqualTo(Kept.IN_USE);
            assertThat(host.engine().calls()).contains("restore");
        }
        host.offload();
        assertThat(host.restoredContent()).contains("two");
    }

    @Test
    void a_database_that_stays_gets_differences_while_nobody_has_it_open_and_is_proven_when_due() {
        host.keep();
        for (int cycle = 1; cycle <= 3; cycle++) {
            file.execute(CHANGE + cycle);
            host.engine().forget();
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
            assertThat(host.engine().calls()).isEmpty();
            assertThat(uploaded()).isPositive().isLessThan(whole() / 10);
        }
        assertThat(host.keep()).isInstanceOf(Outcome.Unchanged.class);
        host.later(Duration.ofDays(2));
        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(host.engine().calls()).containsExactly("restore");
        assertThat(host.keep()).isInstanceOf(Outcome.Unchanged.class);
        String content;
        try (Application other = new Application().open(file.file())) {
            other.sql("INSERT INTO t (note) VALUES ('by the engine')");
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
            content = file.content();
        }
        assertThat(host.restoredContent()).isEqualTo(content).contains("by the engine");
    }

    @Test
    void a_verification_of_a_restored_database_uploads_only_what_changed() {
        restoredAndChanged();
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
        assertThat(host.engine().calls()).containsExactly("restore");
        assertThat(uploaded()).isPositive().isLessThan(whole() / 10);
        assertThat(host.restoredContent()).isEqualTo(file.content());
    }

    @Test
    void a_database_that_somebody_writes_to_meanwhile_is_offloaded_with_what_was_written() {
        restoredAndChanged();
        boolean[] written = {false};
        host.engine().afterRestore(output -> {
            if (!written[0]) {
                written[0] = true;
                file.addRow();
            }
        });
        host.offload();
        assertThat(host.engine().calls()).containsExactly("restore", "restore");
        assertThat(host.restoredContent()).contains((ROWS + 1) + ":added");
    }

    @Test
    void a_difference_that_the_store_cannot_show_deletes_nothing() {
        restoredAndChanged();
        host.aroundPut(put -> {}, put -> Host.delete(temp.resolve("replica").resolve(put.key())));
        assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);
        assertThat(file.rows()).isEqualTo(ROWS);
    }
}
