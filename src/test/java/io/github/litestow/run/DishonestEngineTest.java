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
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the engine says, the database goes only when what the replica restores equals it. */
class DishonestEngineTest {
    private static final String DAMAGED =
            "echo 'Error: sync database: database disk image is malformed (11)' >&2; exit 1";
    private static final String SUCCESS = "echo 'one-shot replication complete'; exit 0";

    @TempDir
    Path temp;

    private Host host(String whenReplicating) throws IOException {
        Path script = temp.resolve("litestream");
        Files.writeString(script, """
                #!/bin/sh
                if [ "$1" = version ]; then echo 0.5.17; exit 0; fi
                if [ "$1" = replicate ]; then %s; fi
                exec '%s' "$@"
                """.formatted(whenReplicating, Host.realEngine()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Host(temp.resolve("host"), temp.resolve("replica"), script);
    }

    private static void assertKept(Host host, int rows) {
        assertThat(host.file().rows()).isEqualTo(rows);
        assertThat(host.file().value("PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void an_engine_that_says_done_and_stores_nothing_proves_nothing() throws IOException {
        Host host = host(SUCCESS);
        host.file().withRows("WAL", 50);
        assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);
        assertKept(host, 50);
    }

    @Test
    void an_engine_that_suddenly_stores_nothing_proves_nothing() throws IOException {
        Host honest = host("");
        honest.file().withRows("WAL", 50);
        honest.keep();
        Host host = host(SUCCESS);
        host.file().addRow();

        Outcome outcome = host.snapshot();

        assertThat(outcome).isNotInstanceOf(Outcome.Offloaded.class);
        assertKept(host, 51);
    }

    /** As litestream 0.5.17 itself does when it reads the path as a URI. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_engine_that_syncs_another_file_is_found_out_at_once(boolean open) throws Exception {
        Path other = temp.resolve("other").resolve("db.sqlite");
        Files.createDirectory(other.getParent());
        TestDatabase.at(other).withRows("WAL", 50);
        // The state folder keeps the name that it was given, as it does there.
        Host host = host("sed 's#\"path\":\"[^\"]*/host/db.sqlite\"#\"path\":\"" + other + "\"#' | '"
                + Host.realEngine() + "' \"$@\"; exit $?");
        host.file().withRows("WAL", 50);

        try (Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + host.file().file())) {
            if (open) {
                connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM t")
                        .close();
                host.file().addRow();
            }
            Outcome outcome = host.keep();

            assertFailed(outcome, FailureKind.PROOF_FAILED);
            assertThat(outcome.words()).contains("it opened another file");
        }
        assertKept(host, open ? 51 : 50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"exit 0", "exit 1", "kill -9 $$", "echo 'replication complete, litestream shutting down'; exit 1"
            })
    void an_engine_that_does_not_say_done_is_a_failure_and_the_database_stays(String how) throws IOException {
        Host host = host(how);
        host.file().withRows("WAL", 50);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Failed.class);
        assertKept(host, 50);
    }

    @Test
    void an_engine_that_calls_a_sound_database_damaged_is_asked_again() throws IOException {
        Path said = temp.resolve("said");
        Host host = host("if [ ! -e '%s' ]; then touch '%s'; %s; fi".formatted(said, said, DAMAGED));
        host.file().withRows("WAL", 50);

        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(said).exists();
        assertThat(host.restoredContent()).isEqualTo(host.file().content());
    }

    @Test
    void an_engine_that_goes_on_calling_a_sound_database_damaged_is_not_believed() throws IOException {
        Host host = host(DAMAGED);
        host.file().withRows("WAL", 50);

        Outcome outcome = host.keep();

        assertFailed(outcome, FailureKind.INTERNAL);
        assertThat(outcome.words()).contains("SQLite finds the database sound");
        assertKept(host, 50);
    }

    @Test
    void a_restore_that_differs_by_one_row_proves_nothing() {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 50);
        host.engine()
                .afterRestore(output -> TestDatabase.at(output)
                        .execute("PRAGMA journal_mode=DELETE", "UPDATE t SET note = 'other' WHERE id = 25"));

        Outcome outcome = host.snapshot();

        assertThat(outcome).isNotInstanceOf(Outcome.Offloaded.class);
        assertKept(host, 50);
        host.engine().afterRestore(output -> {});
        host.offload();
    }

    @Test
    void a_verification_does_not_pass_over_a_restore_that_differs() {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 50);
        host.engine()
                .afterRestore(output -> TestDatabase.at(output)
                        .execute("PRAGMA journal_mode=DELETE", "UPDATE t SET note = 'other' WHERE id = 25"));
        assertFailed(host.verify(), FailureKind.PROOF_FAILED);
        assertKept(host, 50);
    }

    @Test
    void an_empty_file_in_place_of_a_restore_proves_nothing() {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 50);
        host.engine().afterRestore(output -> {
            try {
                Files.write(output, new byte[0]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(host.snapshot()).isNotInstanceOf(Outcome.Offloaded.class);
        assertKept(host, 50);
    }
}
