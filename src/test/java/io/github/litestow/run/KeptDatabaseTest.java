package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that stays is uploaded by its changes, whatever the application does with its connections. */
class KeptDatabaseTest {
    private static final int ROWS = 20_000;
    private static final String CHANGE = "UPDATE t SET note = hex(randomblob(50)) WHERE id BETWEEN 500 AND 600";

    @TempDir
    Path temp;

    private Host host;
    private TestDatabase file;
    private Application application;
    private long whole;

    @BeforeEach
    void aDatabaseThatStaysAndWasUploaded() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        file = host.file();
        file.withRows("WAL", ROWS);
        host.with("snapshot.deleteLocal", false);
        application = new Application();
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        whole = bytes(temp.resolve("replica/ltx"));
    }

    @AfterEach
    void endTheApplication() {
        application.close();
        host.stop();
    }

    private static long bytes(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the application do this between two runs, and returns what the second one uploaded. */
    private long uploadedAfter(Runnable change) {
        long before = bytes(temp.resolve("replica/ltx"));
        change.run();
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        return bytes(temp.resolve("replica/ltx")) - before;
    }

    private void openChangeClose() {
        application.open(file.file()).sql(CHANGE);
        application.closeConnection();
    }

    @Test
    void an_application_that_closes_its_last_connection_costs_its_change_only() {
        for (int round = 0; round < 3; round++) {
            assertThat(uploadedAfter(this::openChangeClose)).isPositive().isLessThan(whole / 10);
        }
        assertThat(host.restoredContent()).isEqualTo(file.content());
    }

    @Test
    void an_application_that_starts_its_wal_over_costs_its_changes_only() {
        application.open(file.file()).sql("PRAGMA wal_autocheckpoint=5");
        for (int round = 0; round < 3; round++) {
            long uploaded = uploadedAfter(() -> {
                for (int change = 0; change < 10; change++) {
                    application.sql(CHANGE);
                }
            });
            assertThat(uploaded).isPositive().isLessThan(whole / 10);
        }
        assertThat(host.restoredContent()).isEqualTo(application.sql("SELECT id || ':' || note FROM t"));
    }

    @Test
    void a_proof_of_the_live_database_leaves_the_wal_for_the_next_run() {
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
        assertThat(uploadedAfter(this::openChangeClose)).isPositive().isLessThan(whole / 10);
    }

    @Test
    void the_application_is_not_held_back_between_runs() {
        application.open(file.file()).impatient().sql(CHANGE);
        application.sql("VACUUM");
        application.sql("PRAGMA wal_checkpoint(PASSIVE)");
        assertThat(uploadedAfter(() -> application.sql(CHANGE))).isPositive();
        assertThat(host.restoredContent()).isEqualTo(application.sql("SELECT id || ':' || note FROM t"));
    }

    @Test
    void a_wal_that_outgrows_the_database_is_let_go() {
        WalPinner keeper = new WalPinner(true);
        host.stop();
        application.open(file.file()).sql(CHANGE);
        keeper.lend(host.database(), true).close();
        keeper.look();
        application.sql("CREATE TABLE more AS SELECT randomblob(1000) AS noise FROM t");
        assertThat(Files.exists(host.settings().side("-wal"))).isTrue();
        keeper.look();
        application.closeConnection();
        assertThat(Files.exists(host.settings().side("-wal"))).isFalse();
        keeper.stop();
    }

    @Test
    void the_engines_state_does_not_grow_with_the_runs() {
        long before = bytes(host.settings().engineFolder());
        for (int round = 0; round < 10; round++) {
            openChangeClose();
            assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        }
        assertThat(bytes(host.settings().engineFolder())).isLessThanOrEqualTo(before);
        // And without a WAL to go on from, when everything is uploaded again.
        host.stop();
        host.with("snapshot.deleteLocal", true);
        for (int round = 0; round < 4; round++) {
            openChangeClose();
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        }
        assertThat(bytes(host.settings().engineFolder())).isLessThanOrEqualTo(2 * whole + whole / 100);
        assertThat(host.restoredContent()).isEqualTo(file.content());
    }

    @Test
    void without_a_change_nothing_is_uploaded_and_then_no_process_is_started() throws IOException {
        openChangeClose();
        host.snapshot();
        Path wal = host.settings().side("-wal");
        Files.setLastModifiedTime(wal, FileTime.from(Instant.now().minusSeconds(10)));
        assertThat(uploadedAfter(() -> {})).isZero();
        Map<String, String> before = host.replicaFiles();
        host.engine().forget();

        assertThat(host.snapshot()).isInstanceOf(Outcome.Unchanged.class);
        assertThat(host.engine().calls()).isEmpty();
        assertThat(host.replicaFiles()).isEqualTo(before);
    }

    @Test
    void what_is_no_database_any_more_is_not_verified_by_its_replica_alone() throws IOException {
        application.close();
        Files.writeString(file.file(), "no database");

        Host.assertFailed(host.verify(), FailureKind.SOURCE_DAMAGED);
    }
}
