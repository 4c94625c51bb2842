package io.github.litestow.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Past 1 GiB there is a page that SQLite never writes, and the engine never stores. */
@Timeout(300)
class LockPageTest {
    @TempDir
    Path temp;

    @Test
    void a_database_that_grows_past_1_gib_and_is_changed_there_is_restored() throws Exception {
        Replicated replicated = new Replicated(temp);
        replicated.withRows("PRAGMA page_size=65536", 10);
        replicated.byTheEngine();
        // Zeros compress to next to nothing, and half of the cost is the first gigabyte.
        replicated
                .database()
                .execute(
                        "PRAGMA journal_mode=DELETE",
                        "PRAGMA journal_mode=OFF",
                        "PRAGMA synchronous=OFF",
                        "INSERT INTO t (note) VALUES (zeroblob(700000000)), (zeroblob(400000000))");
        assertThat(replicated.byDifference()).isGreaterThan(16_385);
        replicated.database().execute("INSERT INTO t (note) VALUES (hex(randomblob(100000)))");
        assertThat(replicated.byDifference()).isLessThan(10);
        replicated.restoresToTheDatabase();
    }
}
