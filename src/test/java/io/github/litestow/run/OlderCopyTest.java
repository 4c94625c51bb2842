package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The record of what was uploaded is believed of the file that was uploaded, and of nothing put in its place. */
class OlderCopyTest {
    @TempDir
    Path temp;

    private Host host;
    private Path database;
    private Path older;

    @BeforeEach
    void aHost() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        database = host.file().file();
        older = temp.resolve("older.db");
    }

    /** How a copy comes over a database, with nobody using it. */
    enum Way {
        CP {
            @Override
            void put(Path copy, Path database) throws IOException {
                // Into the same inode, as cp does.
                Files.write(database, Files.readAllBytes(copy), StandardOpenOption.TRUNCATE_EXISTING);
            }
        },
        MV {
            @Override
            void put(Path copy, Path database) throws IOException {
                Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        RESTORE_OF_SQLITE {
            @Override
            void put(Path copy, Path database) {
                TestDatabase.at(database).execute("restore from '" + copy + "'");
            }
        };

        abstract void put(Path copy, Path database) throws IOException;
    }

    private void begin(String mode) {
        host.file().withRows(mode, 200);
        host.keep();
        host.file().addRow();
        host.keep();
    }

    private void copy() throws IOException {
        Files.copy(database, older, StandardCopyOption.REPLACE_EXISTING);
    }

    private void goOn() {
        host.file().execute("UPDATE t SET note = 'newer' WHERE id = 1");
        host.keep();
    }

    private void removeSideFiles() throws IOException {
        for (String suffix : new String[] {"-wal", "-shm"}) {
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + suffix));
        }
    }

    private void assertRefused() {
        Map<String, String> replica = host.replicaFiles();
        assertFailed(host.snapshot(), FailureKind.REFUSED);
        assertThat(((Outcome.Failed) host.lastRun().result()).hint())
                .contains("restore --replace")
                .contains("snapshot --adopt");
        assertThat(host.replicaFiles()).isEqualTo(replica);
    }

    @ParameterizedTest
    @EnumSource
    void put_over_the_database_is_refused(Way way) throws IOException {
        begin("WAL");
        copy();
        goOn();
        if (way != Way.RESTORE_OF_SQLITE) {
            removeSideFiles();
        }
        way.put(older, database);

        assertRefused();

        assertThat(host.replace()).isInstanceOf(Outcome.Restored.class);
        assertThat(host.file().value("SELECT note FROM t WHERE id = 1")).isEqualTo("newer");
        host.file().addRow();
        host.offload();
    }

    @ParameterizedTest
    @EnumSource
    void put_over_a_database_that_its_application_keeps_in_rollback_mode_is_refused(Way way) throws IOException {
        begin("DELETE");
        host.file().execute("PRAGMA journal_mode=DELETE");
        host.keep();
        host.file().execute("PRAGMA journal_mode=DELETE");
        copy();
        goOn();
        host.file().execute("PRAGMA journal_mode=DELETE");
        way.put(older, database);

        assertRefused();
    }

    @ParameterizedTest
    @EnumSource(names = "RESTORE_OF_SQLITE", mode = EnumSource.Mode.EXCLUDE)
    void put_over_a_database_whose_wal_was_kept_is_refused_when_it_had_grown(Way way) throws IOException {
        begin("WAL");
        try (Application application = new Application().open(database)) {
            application.sql("PRAGMA wal_checkpoint(TRUNCATE)");
            copy();
            for (int i = 0; i < 3; i++) {
                application.sql("INSERT INTO t (note) SELECT note FROM t LIMIT 100");
                host.keep();
            }
        }
        removeSideFiles();
        way.put(older, database);

        assertRefused();
    }

    @Test
    void that_may_become_the_head_does_so_when_a_person_says_so() throws IOException {
        begin("WAL");
        copy();
        goOn();
        removeSideFiles();
        Way.CP.put(older, database);

        assertThat(host.adopt()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restoredContent()).doesNotContain("newer");
    }

    @ParameterizedTest
    @EnumSource
    void that_equals_the_head_is_adopted(Way way) throws IOException {
        begin("WAL");
        copy();
        removeSideFiles();
        way.put(older, database);

        host.offload();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VACUUM",
                "PRAGMA journal_mode=DELETE",
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "ALTER TABLE t ADD COLUMN more",
                "CREATE INDEX i ON t (note)",
                "DELETE FROM t WHERE id > 100",
                "REINDEX",
                "PRAGMA user_version=7",
                "PRAGMA auto_vacuum=INCREMENTAL; VACUUM; DELETE FROM t WHERE id > 150; PRAGMA incremental_vacuum",
                "DROP TABLE t; CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)"
            })
    void is_not_seen_in_the_work_of_an_application(String statements) {
        begin("WAL");
        for (int round = 0; round < 2; round++) {
            for (String statement : statements.split(";", -1)) {
                host.file()
                        .execute(statement
                                .replace("COLUMN more", "COLUMN more" + round)
                                .replace("INDEX i ", "INDEX i" + round + " "));
            }
            host.file().execute("INSERT INTO t (note) VALUES ('round " + round + "')");
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        }
        host.offload();
        assertThat(host.restoredContent()).contains("round");
    }

    @Test
    void is_not_seen_in_an_application_that_is_killed_and_started_again() {
        begin("WAL");
        for (int round = 0; round < 3; round++) {
            try (Application application = new Application().open(database)) {
                application.sql("INSERT INTO t (note) VALUES ('round')");
                assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
                application.sql("INSERT INTO t (note) VALUES ('round')");
            }
            host.restart();
            assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
        }
        host.offload();
    }

    @Test
    void is_not_seen_when_everything_is_moved_to_another_volume() throws IOException {
        begin("WAL");
        host.file().addRow();
        Path folder = database.getParent();
        Path moved = temp.resolve("moved");
        copyTree(folder, moved);
        Host.delete(folder);
        copyTree(moved, folder);
        host.restart();

        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
