package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollback journal beside a database with a write-ahead log is most likely another one's. */
class ForeignJournalTest {
    @TempDir
    Path temp;

    /** What another database's application leaves that is killed in a transaction. */
    private byte[] journalOfAnother() throws Exception {
        TestDatabase other = TestDatabase.at(temp.resolve("other.db"));
        other.withRows("DELETE", 900);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other.file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA cache_size=1");
            statement.execute("BEGIN");
            statement.execute("UPDATE t SET note = 'other'");
            return Files.readAllBytes(temp.resolve("other.db-journal"));
        }
    }

    @Test
    void is_called_that_and_not_a_trouble_of_the_disk() throws Exception {
        byte[] journal = journalOfAnother();
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.deleteLocal", false);
        host.file().withRows("WAL", 300);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        Map<String, String> replica = host.replicaFiles();
        String content;
        try (Application application = new Application()) {
            application.open(host.file().file()).sql("UPDATE t SET note = 'true' WHERE id = 1");
            content = host.file().content();
            host.restart();
            Files.write(host.settings().side("-journal"), journal);

            assertFailed(host.snapshot(), FailureKind.REFUSED);

            assertThat(host.lastRun().result().failure().orElseThrow().hint()).contains("move it away");
            assertThat(host.replicaFiles()).isEqualTo(replica);
            assertThat(host.settings().side("-journal")).hasBinaryContent(journal);
            Files.delete(host.settings().side("-journal"));
            assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        }
        assertThat(host.restoredContent()).isEqualTo(content);
        host.stop();
    }
}
