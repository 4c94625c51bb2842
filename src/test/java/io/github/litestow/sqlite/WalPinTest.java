package io.github.litestow.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.application.Application;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.WalPosition;
import io.github.litestow.sqlite.WalPin.Later;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a database was at the end of a transaction is told from what it is now, and from anything else. */
class WalPinTest {
    private static final String CHANGE = "UPDATE t SET note = hex(randomblob(50)) WHERE id % 100 = ";

    @TempDir
    Path folder;

    private final Application application = new Application();
    private TestDatabase database;
    private ConfiguredDatabase settings;

    @BeforeEach
    void aDatabaseWhoseWalIsInUse() {
        database = TestDatabase.in(folder).withRows("WAL", 3000);
        settings = database.settings();
        application.open(database.file()).sql(CHANGE + 1);
    }

    @AfterEach
    void endTheApplication() {
        application.close();
    }

    private WalPin pin() {
        return WalPin.take(settings).orElseThrow();
    }

    /** Where the WAL ends just now, as the engine would say it. */
    private WalPosition end() throws IOException {
        ByteBuffer wal = ByteBuffer.wrap(Files.readAllBytes(settings.side("-wal")));
        int pageSize = wal.getInt(8);
        return new WalPosition(wal.getLong(16), wal.capacity(), pageSize, wal.getInt(wal.capacity() - pageSize - 20));
    }

    /** The database as it is just now, in one file, as a restore makes it. */
    private Path restored() throws IOException {
        Path copy = Files.createTempDirectory(folder, "restored").resolve("copy.db");
        Files.copy(settings.side("-wal"), copy.resolveSibling("copy.db-wal"));
        // By another process: whoever closes the main file in this one drops its locks.
        try {
            assertThat(new ProcessBuilder("cp", database.file().toString(), copy.toString())
                            .start()
                            .waitFor())
                    .isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        TestDatabase.at(copy).value("PRAGMA wal_checkpoint(TRUNCATE)");
        return copy;
    }

    private static void assertNotComparable(ThrowingCallable work, String why) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(work)
                .withMessageContaining(why)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BUSY));
    }

    @Test
    void a_pipe_in_the_place_of_the_database_is_not_waited_on() throws Exception {
        TestDatabase pipe = TestDatabase.in(Files.createDirectory(folder.resolve("pipe")));
        assertThat(new ProcessBuilder("mkfifo", pipe.file().toString()).start().waitFor())
                .isZero();

        assertThat(CompletableFuture.supplyAsync(() -> WalPin.take(pipe.settings())))
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo(Optional.empty());
    }

    @Test
    void it_equals_what_was_restored_whoever_writes_grows_shrinks_and_checkpoints_meanwhile() throws Exception {
        try (WalPin pin = pin()) {
            application.sql(CHANGE + 2);
            WalPosition end = end();
            Path restored = restored();
            for (int round = 3; round < 30; round++) {
                application.sql(CHANGE + round);
                application.sql("PRAGMA wal_checkpoint(PASSIVE)");
                assertThat(pin.difference(end, restored, WorkLimit.none())).isEmpty();
            }
            application.sql("CREATE TABLE more AS SELECT randomblob(500) FROM t");
            application.sql("DELETE FROM t WHERE id > 10");
            application.sql("VACUUM");
            application.sql("PRAGMA wal_checkpoint(PASSIVE)");
            assertThat(pin.difference(end, restored, WorkLimit.none())).isEmpty();
        }
    }

    @Test
    void a_wal_that_was_all_in_the_main_file_shows_it_too() throws Exception {
        application.sql("PRAGMA wal_checkpoint(PASSIVE)");
        try (WalPin pin = pin()) {
            WalPosition before = end();
            Path restored = restored();
            assertThat(pin.difference(before, restored, WorkLimit.none())).isEmpty();
            // Starts the WAL over: all of it is in the main file, which then stays as it is.
            application.sql(CHANGE + 4);
            assertNotComparable(() -> pin.difference(before, restored, WorkLimit.none()), "started over");
        }
    }

    @Test
    void any_byte_that_differs_is_found() throws Exception {
        try (WalPin pin = pin()) {
            application.sql(CHANGE + 2);
            WalPosition end = end();
            Path restored = restored();
            Random random = new Random(1);
            for (int trial = 0; trial < 50; trial++) {
                long place = trial == 0 ? Files.size(restored) - 1 : 100 + random.nextLong(Files.size(restored) - 100);
                flip(restored, place);
                assertThat(pin.difference(end, restored, WorkLimit.none()))
                        .contains(
                                "page " + (place / end.pageSize() + 1) + " differs at byte " + place % end.pageSize());
                flip(restored, place);
            }
            assertThat(pin.difference(end, restored, WorkLimit.none())).isEmpty();
        }
    }

    @Test
    void a_missing_page_and_one_too_many_are_found() throws Exception {
        try (WalPin pin = pin()) {
            WalPosition end = end();
            Path restored = restored();
            Files.write(restored, new byte[end.pageSize()], StandardOpenOption.APPEND);
            assertThat(pin.difference(end, restored, WorkLimit.none()).orElseThrow())
                    .startsWith("sizes differ");
            try (FileChannel file = FileChannel.open(restored, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 2L * end.pageSize());
            }
            assertThat(pin.difference(end, restored, WorkLimit.none()).orElseThrow())
                    .startsWith("sizes differ");
        }
    }

    @Test
    void an_older_and_a_later_transaction_are_found() throws Exception {
        try (WalPin pin = pin()) {
            Path older = restored();
            application.sql(CHANGE + 2);
            WalPosition end = end();
            application.sql(CHANGE + 3);
            Path later = restored();
            assertThat(pin.difference(end, older, WorkLimit.none()).orElseThrow())
                    .startsWith("page ");
            assertThat(pin.difference(end, later, WorkLimit.none()).orElseThrow())
                    .startsWith("page ");
        }
    }

    @Test
    void a_wal_that_was_started_over_or_cut_shows_nothing() throws Exception {
        try (WalPin pin = pin()) {
            WalPosition end = end();
            Path restored = restored();
            pin.rest();
            application.sql("PRAGMA wal_checkpoint(TRUNCATE)");
            assertNotComparable(() -> pin.difference(end, restored, WorkLimit.none()), "shorter");
            application.sql("CREATE TABLE more AS SELECT randomblob(500) FROM t");
            assertNotComparable(() -> pin.difference(end, restored, WorkLimit.none()), "started over");
        }
    }

    @Test
    void a_torn_frame_or_another_place_in_the_wal_shows_nothing() throws Exception {
        application.sql(CHANGE + 2);
        WalPosition end = end();
        Path wal = Files.copy(settings.side("-wal"), folder.resolve("torn"));
        try (FileChannel main = FileChannel.open(restored(), StandardOpenOption.READ);
                FileChannel frames = FileChannel.open(wal, StandardOpenOption.READ)) {
            WalView.of(main, frames, end, WorkLimit.none());
            Random random = new Random(2);
            for (int trial = 0; trial < 50; trial++) {
                // Neither the magic number's last bit nor what SQLite does not read.
                long place = 8 + random.nextLong(end.end() - 8);
                flip(wal, place);
                assertNotComparable(() -> WalView.of(main, frames, end, WorkLimit.none()), "write-ahead log");
                flip(wal, place);
            }
            int frame = end.pageSize() + 24;
            for (WalPosition other : new WalPosition[] {
                new WalPosition(end.salts(), end.end() - 1, end.pageSize(), end.pages()),
                new WalPosition(end.salts(), end.end() - frame, end.pageSize(), end.pages()),
                new WalPosition(end.salts(), end.end() + frame, end.pageSize(), end.pages()),
                new WalPosition(end.salts(), end.end(), end.pageSize(), end.pages() + 1),
                new WalPosition(end.salts() + 1, end.end(), end.pageSize(), end.pages()),
                new WalPosition(end.salts(), end.end(), end.pageSize() / 2, end.pages())
            }) {
                assertNotComparable(() -> WalView.of(main, frames, other, WorkLimit.none()), "write-ahead log");
            }
        }
    }

    @Test
    void what_was_committed_before_the_wal_was_started_over_is_missed() throws Exception {
        WalPosition end = end();
        assertThat(after(end)).contains(new Later(end.salts(), false, false));
        application.sql(CHANGE + 2);
        assertThat(after(end)).contains(new Later(end.salts(), true, false));
        startOver();
        assertThat(after(end).orElseThrow().lost()).isTrue();
        assertThat(after(end).orElseThrow().more()).isTrue();
    }

    @Test
    void a_wal_that_was_started_over_with_nothing_left_behind_is_known_until_it_is_started_over_again()
            throws Exception {
        WalPosition end = end();
        startOver();
        assertThat(after(end).orElseThrow().lost()).isFalse();
        // Of what was in between, nothing can be seen any more.
        startOver();
        assertThat(after(end).orElseThrow().lost()).isTrue();
        application.sql("PRAGMA wal_checkpoint(TRUNCATE)");
        assertThat(after(end)).isEmpty();
    }

    private void startOver() {
        application.sql("PRAGMA wal_checkpoint(PASSIVE)");
        application.sql("UPDATE t SET note = hex(randomblob(50)) WHERE id = 1");
    }

    private Optional<Later> after(WalPosition end) throws Failure {
        try (WalPin pin = pin()) {
            return pin.after(end);
        }
    }

    @Test
    void what_this_process_reads_beside_it_costs_it_no_lock() throws Exception {
        try (WalPin pin = pin()) {
            database.execute("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)");
            StateFolder.ensure(settings);
            LocalFile.look(settings);
            Fingerprint.take(settings);
            FileHistory.of(settings, Duration.ofSeconds(5));
            Encryption.possible(settings.database());
            assertThat(pin.renew()).isTrue();
            LocalFile.look(settings);
            application.closeConnection();
            // The last one who closes it deletes it, unless somebody has it open.
            assertThat(settings.side("-wal")).isNotEmptyFile();
            application.open(database.file());
            assertThat(application.attempt("PRAGMA journal_mode=DELETE")).contains("locked");
        }
        application.closeConnection();
        assertThat(settings.side("-wal")).doesNotExist();
    }

    @Test
    void writers_wait_for_nobody() throws Exception {
        try (WalPin pin = pin()) {
            application.impatient();
            for (int round = 0; round < 20; round++) {
                application.sql(CHANGE + round);
                assertThat(pin.renew()).isTrue();
            }
            pin.rest();
            application.sql(CHANGE + 50);
        }
    }

    @Test
    void there_is_none_without_a_wal_or_a_database() {
        application.closeConnection();
        database.execute("PRAGMA journal_mode=DELETE");
        assertThat(WalPin.take(settings)).isEmpty();
        Optional<WalPin> nothing =
                WalPin.take(TestDatabase.in(folder.resolve("nowhere")).settings());
        assertThat(nothing).isEmpty();
    }

    private static void flip(Path file, long place) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, place);
            one.put(0, (byte) (one.get(0) ^ 1));
            channel.write(one.flip(), place);
        }
    }
}
