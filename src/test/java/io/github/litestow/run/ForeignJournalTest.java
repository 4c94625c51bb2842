package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.points.PointReference;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.ReadOnlyQuery;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rollback journal of another database, put beside one that has a write-ahead log. */
class ForeignJournalTest {
    @TempDir
    Path temp;

    @Test
    void is_named_and_nothing_is_changed_until_it_is_moved_away() throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        TestDatabase file = host.file().withRows("WAL", 20);
        Path journal = host.settings().side("-journal");
        try (Application application = new Application().openAndRead(file.file(), Duration.ofSeconds(5), "WAL")) {
            application.sql("INSERT INTO t VALUES (1000, 'in the log')");
            Files.copy(hotJournal(), journal, StandardCopyOption.REPLACE_EXISTING);
            byte[] before = Files.readAllBytes(file.file());

            Host.assertFailed(host.snapshot(), FailureKind.REFUSED);
            assertThat(host.lastRun().result().words())
                    .contains("a write-ahead log and a rollback journal", "Move the one away")
                    .doesNotContain("free space");
            assertThatThrownBy(() -> host.looks()
                            .query(
                                    host.database(),
                                    PointReference.of(PointReference.LOCAL),
                                    "SELECT 1 FROM t",
                                    nobody()))
                    .isInstanceOfSatisfying(
                            Failure.class, refused -> assertThat(refused.kind()).isEqualTo(FailureKind.REFUSED));
            assertThat(Files.readAllBytes(file.file())).isEqualTo(before);

            Files.delete(journal);
        }
        host.offload();
        assertThat(host.start().restorePoint()).isPresent();
        assertThat(file.value("SELECT note FROM t WHERE id = 1000")).isEqualTo("in the log");
    }

    @Test
    void an_empty_log_beside_a_database_without_one_makes_no_journal_foreign() throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        TestDatabase file = host.file().withRows("DELETE", 2000);
        String committed = file.content();
        try (Application killed = new Application().openAndRead(file.file(), Duration.ofSeconds(5), "DELETE")) {
            killed.sql("PRAGMA cache_size = 1");
            killed.sql("BEGIN");
            killed.sql("UPDATE t SET note = 'never committed'");
        }
        Files.createFile(host.settings().side("-wal"));

        assertThat(DatabaseCheck.knowsEngine(file.file(), Duration.ofSeconds(1)))
                .isFalse();
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(host.lastRun().result().failure()).isEmpty();
        assertThat(host.restoredContent()).isEqualTo(committed);
    }

    /** As an application leaves it that is killed in a transaction. */
    private Path hotJournal() throws Exception {
        TestDatabase other =
                new Host(temp.resolve("other"), temp.resolve("others")).file().withRows("DELETE", 2000);
        try (Application killed = new Application().openAndRead(other.file(), Duration.ofSeconds(5), "DELETE")) {
            killed.sql("PRAGMA cache_size = 1");
            killed.sql("BEGIN");
            killed.sql("UPDATE t SET note = 'never committed'");
        }
        return other.file().resolveSibling(other.file().getFileName() + "-journal");
    }

    private static ReadOnlyQuery.Rows nobody() {
        return new ReadOnlyQuery.Rows() {
            @Override
            public void columns(List<String> names) {
                // Nobody asks.
            }

            @Override
            public void row(List<Optional<String>> values) {
                // Nobody asks.
            }
        };
    }
}
