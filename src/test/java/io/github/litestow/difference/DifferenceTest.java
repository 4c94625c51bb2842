package io.github.litestow.difference;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.RandomChange;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.sqlite.Seal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write as a difference, the real engine reads: each restore here is the engine's, with its full check. */
@Timeout(180)
class DifferenceTest {
    private static final String CHANGE = "UPDATE t SET note = hex(randomblob(50)) WHERE id % 100 = ";

    @TempDir
    Path temp;

    private Replicated replicated;

    @BeforeEach
    void aHost() {
        replicated = new Replicated(temp);
    }

    private void change(String... statements) {
        replicated.database().execute(statements);
    }

    private void with(String pragma) {
        replicated.withRows(pragma, 2_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536})
    void changed_pages_of_every_size_are_restored(int pageSize) throws Exception {
        with("PRAGMA page_size=" + pageSize);
        assertThat(replicated.database().value("PRAGMA page_size")).isEqualTo("" + pageSize);
        replicated.byTheEngine();
        for (int cycle = 0; cycle < 3; cycle++) {
            change(CHANGE + cycle);
            assertThat(replicated.byDifference()).isPositive();
            replicated.restoresToTheDatabase();
        }
    }

    @Test
    void a_database_that_grows_shrinks_and_is_vacuumed_is_restored() throws Exception {
        with("PRAGMA encoding='UTF-8'");
        replicated.byTheEngine();
        change("INSERT INTO t (note) SELECT hex(randomblob(500)) FROM t");
        replicated.byDifference();
        replicated.restoresToTheDatabase();
        change("DELETE FROM t WHERE id % 3 = 0", "VACUUM");
        replicated.byDifference();
        replicated.restoresToTheDatabase();
        change("DELETE FROM t", "VACUUM");
        replicated.byDifference();
        replicated.restoresToTheDatabase();
        change("INSERT INTO t (note) VALUES (hex(randomblob(300000)))");
        replicated.byDifference();
        replicated.restoresToTheDatabase();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_database_that_shrinks_by_itself_is_restored(int autoVacuum) throws Exception {
        with("PRAGMA auto_vacuum=" + autoVacuum);
        assertThat(replicated.database().value("PRAGMA auto_vacuum")).isEqualTo("" + autoVacuum);
        replicated.byTheEngine();
        change("DELETE FROM t WHERE id > 900", "PRAGMA incremental_vacuum");
        replicated.byDifference();
        replicated.restoresToTheDatabase();
        change("INSERT INTO t (note) SELECT hex(randomblob(200)) FROM t");
        replicated.byDifference();
        replicated.restoresToTheDatabase();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELETE", "TRUNCATE", "PERSIST", "WAL"})
    void the_journal_mode_is_as_the_application_left_it(String mode) throws Exception {
        with("PRAGMA encoding='UTF-8'");
        replicated.byTheEngine();
        change("PRAGMA journal_mode=" + mode, CHANGE + 1);
        replicated.byDifference();
        replicated.restoresToTheDatabase();
        byte[] header = Files.readAllBytes(replicated.restored());
        assertThat(header[18]).isEqualTo((byte) (mode.equals("WAL") ? 2 : 1));
        assertThat(header[19]).isEqualTo(header[18]);
    }

    @Test
    void the_engine_lists_it_and_goes_on_after_it() throws Exception {
        with("PRAGMA encoding='UTF-8'");
        replicated.byTheEngine();
        change(CHANGE + 1);
        replicated.byDifference();
        String ours = replicated.head();
        assertThat(replicated.listing()).hasSize(2);
        change(CHANGE + 2);
        replicated.byTheEngine();
        assertThat(replicated.head()).isGreaterThan(ours);
        replicated.restoresToTheDatabase();
        change(CHANGE + 3);
        replicated.byDifference();
        replicated.restoresToTheDatabase();
        assertThat(replicated.listing()).hasSize(4);
    }

    @Test
    void nothing_changed_is_a_proof_and_no_file() throws Exception {
        with("PRAGMA encoding='UTF-8'");
        replicated.byTheEngine();
        // Whoever opens and checkpoints counts up what says nothing of the content.
        change("PRAGMA journal_mode=DELETE", "PRAGMA journal_mode=WAL");
        assertThat(replicated.sameAsIndexed()).contains("0000000000000001");
        try (Seal seal = replicated.seal();
                Difference difference = replicated.difference()) {
            assertThat(seal.show(difference, WorkLimit.none())).isTrue();
            assertThat(difference.finish()).isFalse();
        }
    }

    @Test
    void what_was_only_confirmed_proves_nothing() throws Exception {
        with("PRAGMA encoding='UTF-8'");
        replicated.byTheEngine();
        change(CHANGE + 1);
        replicated.byDifference();
        assertThat(replicated.sameAsIndexed()).isEmpty();
    }

    @Test
    void random_changes_are_restored_one_after_another() throws Exception {
        with("PRAGMA page_size=1024");
        replicated.byTheEngine();
        Random random = new Random(14);
        for (int cycle = 0; cycle < 10; cycle++) {
            for (int change = random.nextInt(5); change >= 0; change--) {
                change(RandomChange.of(random));
            }
            change(CHANGE + cycle);
            replicated.byDifference();
            replicated.restoresToTheDatabase();
        }
    }
}
