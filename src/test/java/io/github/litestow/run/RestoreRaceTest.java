package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that write just when a restore puts its file in place. */
class RestoreRaceTest {
    @TempDir
    Path temp;

    private Path replica;
    private Host host;
    private TestDatabase file;

    @BeforeEach
    void anOffloadedDatabase() {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        file = host.file();
        file.withRows("WAL", 50);
        host.offload();
    }

    @Test
    void a_row_written_as_soon_as_the_file_is_there_is_never_called_unchanged() {
        AtomicBoolean written = new AtomicBoolean();
        try (Application writer = new Application()) {
            host.beforeReplicaRead(key -> {
                if (file.exists() && !written.getAndSet(true)) {
                    writer.open(file.file());
                    writer.sql("INSERT INTO t (note) VALUES ('early')");
                    writer.closeConnection();
                }
            });
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        }
        host.restart();
        assertThat(written).isTrue();
        assertThat(file.content()).contains(":early");

        host.offload();

        assertThat(host.restoredContent()).contains(":early");
    }

    @Test
    void a_row_written_while_the_newer_state_is_fetched_stays_where_the_application_looks() {
        host.restore();
        Host second = new Host(temp.resolve("second"), replica);
        second.restore();
        second.file().addRow();
        second.offload();
        try (Application writer = new Application()) {
            host.engine().afterRestore(output -> {
                writer.open(file.file());
                writer.sql("INSERT INTO t (note) VALUES ('mine')");
                writer.closeConnection();
            });
            host.start();
        }
        assertThat(file.content()).contains("51:mine");
    }

    @Test
    void a_database_made_while_the_restore_runs_is_left_alone() {
        host.engine().afterRestore(output -> file.withRows("WAL", 3));

        assertThat(host.start()).isNotInstanceOf(Outcome.Restored.class);

        assertThat(file.rows()).isEqualTo(3);
        assertThat(Files.exists(host.settings().stateFolder().resolve("quarantine")))
                .isFalse();
    }

    @Test
    void rows_written_to_an_empty_file_while_the_restore_runs_stay_where_the_application_looks() throws IOException {
        Files.createFile(file.file());
        host.engine().afterRestore(output -> file.withRows("DELETE", 3));

        assertThat(host.start()).isNotInstanceOf(Outcome.Restored.class);

        assertThat(file.rows()).isEqualTo(3);
    }

    @Test
    void replaced_means_whatever_is_there_by_then() {
        host.engine().afterRestore(output -> file.withRows("WAL", 3));
        assertThat(host.replace()).isInstanceOf(Outcome.Restored.class);
        assertThat(file.rows()).isEqualTo(50);
    }
}
