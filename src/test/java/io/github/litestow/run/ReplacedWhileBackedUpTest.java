package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run confirms, proves or deletes is the file that it let pass, not one that was put in its place since. */
class ReplacedWhileBackedUpTest {
    private static final String[] PARTS = {"", "-wal", "-shm"};

    @TempDir
    Path temp;

    private final Application application = new Application();
    private final AtomicBoolean armed = new AtomicBoolean();
    private Host host;
    private Path database;
    private Path aside;
    private Path strange;

    @BeforeEach
    void aDatabaseThatStaysAndIsUsed() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        database = host.file().file();
        aside = temp.resolve("host/aside.db");
        strange = temp.resolve("strange.db");
        TestDatabase other = TestDatabase.at(strange);
        other.withRows("WAL", 900);
        other.execute("UPDATE t SET note = 'strange'");
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        host.file().withRows("WAL", 500);
        host.with("snapshot.deleteLocal", false);
        host.with("verifyEvery", Duration.ofMillis(1));
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        application.open(database).sql("UPDATE t SET note = 'true' WHERE id = 1");
        armed.set(true);
    }

    @AfterEach
    void end() {
        application.close();
        host.stop();
    }

    private void swap() {
        if (armed.compareAndSet(true, false)) {
            try {
                for (String part : PARTS) {
                    if (Files.exists(Path.of(database + part))) {
                        Files.move(Path.of(database + part), Path.of(aside + part));
                    }
                }
                Files.copy(strange, database);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void putBack() throws IOException {
        for (String part : PARTS) {
            Files.deleteIfExists(Path.of(database + part));
            if (Files.exists(Path.of(aside + part))) {
                Files.move(Path.of(aside + part), Path.of(database + part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private void assertLeftAlone() {
        assertThat(host.lastRun().result().failure().orElseThrow().cause()).contains("another file");
        assertThat(TestDatabase.at(database).value("SELECT count(*) FROM t WHERE note = 'strange'"))
                .isEqualTo("900");
    }

    private void assertGoesOn() throws IOException {
        putBack();
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(host.lastRun().result().failure()).isEmpty();
        assertThat(host.restoredContent()).isEqualTo(host.file().content());
        assertThat(host.file().value("SELECT note FROM t WHERE id = 1")).isEqualTo("true");
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
    }

    @Test
    void right_before_the_engine_opens_it_is_not_uploaded_from_then_on_or_called_confirmed() throws IOException {
        host.engine().beforeReplicate(this::swap);

        assertFailed(host.snapshot(), FailureKind.BUSY);

        assertLeftAlone();
        assertFailed(host.snapshot(), FailureKind.REFUSED);
        assertFailed(host.verify(), FailureKind.REFUSED);
        assertGoesOn();
    }

    @Test
    void right_after_the_engine_read_it_nothing_of_the_other_one_is_uploaded() throws IOException {
        host.engine().afterReplicate(this::swap);

        assertFailed(host.snapshot(), FailureKind.BUSY);

        assertLeftAlone();
        assertFailed(host.snapshot(), FailureKind.REFUSED);
        assertGoesOn();
    }

    @Test
    void while_it_is_verified_it_is_not_called_proven() throws IOException {
        host.engine().afterRestore(output -> swap());

        assertFailed(host.snapshot(), FailureKind.BUSY);

        assertLeftAlone();
        assertFailed(host.snapshot(), FailureKind.REFUSED);
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void of_a_database_that_is_to_go_it_is_neither_proven_nor_deleted(boolean before) throws IOException {
        application.closeConnection();
        host.stop();
        host.with("snapshot.deleteLocal", true);
        if (before) {
            host.engine().beforeRestore(this::swap);
        } else {
            host.engine().afterRestore(output -> swap());
        }

        assertFailed(host.snapshot(), FailureKind.BUSY);

        assertLeftAlone();
        assertFailed(host.snapshot(), FailureKind.REFUSED);
        putBack();
        host.offload();
    }

    @Test
    void nor_one_that_gets_the_number_of_a_file_that_was_deleted() throws IOException {
        application.closeConnection();
        host.stop();
        host.with("snapshot.deleteLocal", true);
        host.engine().beforeRestore(() -> {
            if (armed.compareAndSet(true, false)) {
                try {
                    for (String part : PARTS) {
                        Files.deleteIfExists(Path.of(database + part));
                    }
                    Files.copy(strange, database);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });

        assertFailed(host.snapshot(), FailureKind.BUSY);

        assertLeftAlone();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void it_stays_foreign_although_the_replica_could_not_be_listed_when_it_was_found(boolean back) throws IOException {
        Path replica = temp.resolve("replica");
        Path away = temp.resolve("away");
        AtomicBoolean once = new AtomicBoolean(true);
        host.engine().beforeReplicate(this::swap);
        host.engine().afterReplicate(() -> {
            if (once.getAndSet(false)) {
                move(replica, away);
            }
        });
        assertThat(host.snapshot()).isInstanceOf(Outcome.Failed.class);
        if (Files.exists(replica)) {
            Host.delete(replica);
        }
        move(away, replica);

        assertForeignAndThenTheTrueOne(back);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void it_stays_foreign_although_the_run_was_killed_before_it_was_found(boolean back) throws Exception {
        Path state = host.settings().engineFolder();
        Path saved = temp.resolve("state");
        AtomicBoolean once = new AtomicBoolean(true);
        host.engine().beforeReplicate(this::swap);
        host.engine().afterReplicate(() -> {
            if (once.getAndSet(false)) {
                copy(state, saved);
            }
        });
        assertFailed(host.snapshot(), FailureKind.BUSY);
        Host.delete(state);
        copy(saved, state);

        assertForeignAndThenTheTrueOne(back);
    }

    private void assertForeignAndThenTheTrueOne(boolean back) throws IOException {
        if (!back) {
            assertFailed(host.snapshot(), FailureKind.REFUSED);
        }
        assertGoesOn();
    }

    @Test
    void a_position_that_another_trouble_left_makes_nothing_foreign() throws Exception {
        armed.set(false);
        application.closeConnection();
        assertThat(host.snapshot()).isNotInstanceOf(Outcome.Failed.class);
        String head = host.database().journal().state().newest().orElseThrow().txid();
        host.stop();
        EnginePosition.put(host.settings().engineFolder(), head, 4096);
        Path copied = temp.resolve("copied");
        Files.copy(database, copied);
        Files.move(copied, database, StandardCopyOption.ATOMIC_MOVE);
        host.restart();

        assertThat(host.snapshot()).isNotInstanceOf(Outcome.Failed.class);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void it_becomes_the_head_when_a_person_says_so() {
        host.engine().beforeReplicate(this::swap);
        assertFailed(host.snapshot(), FailureKind.BUSY);

        assertThat(host.adopt()).isInstanceOf(Outcome.Snapshotted.class);

        assertThat(host.restoredContent()).isEqualTo(host.file().content());
        assertThat(host.file().value("SELECT count(*) FROM t")).isEqualTo("900");
    }
}
