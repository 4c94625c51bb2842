package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite reads the rest of a last page that is cut as zeros, calls them sound, and fills the page up with them. */
class CutDatabaseTest {
    private static final int CUT = 100;
    private static final int LOOKS = 300;

    @TempDir
    Path temp;

    private Host host;
    private Path file;
    private String whole;

    @BeforeEach
    void aRestoredDatabaseWithARowMore() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 500);
        host.offload();
        host.restore();
        host.file().addRow();
        file = host.file().file();
        whole = host.file().content();
    }

    private void cut() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - CUT);
        }
    }

    /** What an application that was killed left: a write-ahead log that nobody moved to the file. */
    private void killedAfter(String sql) throws IOException, SQLException {
        Path wal = file.resolveSibling("db.sqlite-wal");
        byte[] left;
        byte[] main;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint=0");
            statement.execute(sql);
            left = Files.readAllBytes(wal);
            main = Files.readAllBytes(file);
        }
        Files.write(file, main);
        Files.write(wal, left);
    }

    private void assertRefusedAsItIs() throws IOException {
        Map<String, String> before = host.replicaFiles();
        long bytes = Files.size(file);

        assertFailed(host.snapshot(), FailureKind.SOURCE_DAMAGED);

        assertThat(host.replicaFiles()).isEqualTo(before);
        assertThat(file).hasSize(bytes);
    }

    @Test
    void it_never_reaches_the_replica() throws IOException {
        cut();
        assertRefusedAsItIs();
    }

    @Test
    void nor_with_a_write_ahead_log_that_lacks_the_page() throws Exception {
        killedAfter("UPDATE t SET note = 'changed' WHERE id = 1");
        cut();
        assertRefusedAsItIs();
    }

    @Test
    void a_vacuum_beside_the_look_that_changes_the_page_size_is_no_cut() throws Exception {
        host.file().execute("PRAGMA journal_mode=DELETE");
        LocalFile local = LocalFile.look(host.settings());
        Duration busy = Duration.ofSeconds(10);
        AtomicBoolean over = new AtomicBoolean();
        try (Application other = new Application().openAndRead(file, busy, "DELETE")) {
            CompletableFuture<Integer> vacuums = CompletableFuture.supplyAsync(() -> {
                int done = 0;
                for (; !over.get(); done++) {
                    other.sql("PRAGMA page_size=" + (done % 2 == 0 ? 8192 : 512));
                    other.sql("VACUUM");
                }
                return done;
            });
            for (int look = 0; look < LOOKS; look++) {
                assertThat(DatabaseCheck.quick(host.settings(), local, busy, WorkLimit.none()))
                        .isEmpty();
            }
            over.set(true);
            assertThat(vacuums.join()).isGreaterThan(1);
        }
    }

    @Test
    void what_the_write_ahead_log_has_is_not_cut() throws Exception {
        killedAfter("VACUUM");
        cut();

        assertThat(host.snapshot()).isInstanceOf(Outcome.Offloaded.class);

        assertThat(host.restoredContent()).isEqualTo(whole);
    }
}
