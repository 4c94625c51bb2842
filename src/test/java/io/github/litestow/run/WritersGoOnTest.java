package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Pauses;
import io.github.litestow.application.Application.Style;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that stays is uploaded and proven while its application opens, writes and closes all the time. */
class WritersGoOnTest {
    private static final int ROWS = 20_000;
    private static final int FIRST = 1_000_000;

    /** What is promised is half a second; the rest is for a machine that does something else. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(1500);

    @TempDir
    Path temp;

    private final Application application = new Application();
    private Host host;

    @BeforeEach
    void aDatabaseThatStays() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", ROWS);
        host.with("snapshot.deleteLocal", false);
    }

    @AfterEach
    void end() {
        application.close();
        host.stop();
    }

    private void write() {
        application.loop(host.file().file(), FIRST, Style.CLOSED, Pauses.STEADY, "", 1);
        application.awaitRows(5);
    }

    private static Duration longest(NavigableMap<Integer, Instant> rows) {
        Duration longest = Duration.ZERO;
        Optional<Instant> before = Optional.empty();
        for (Instant at : rows.values()) {
            Duration gap = before.map(then -> Duration.between(then, at)).orElse(Duration.ZERO);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            before = Optional.of(at);
        }
        return longest;
    }

    private static void assertProven(Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Snapshotted.class,
                        kept -> assertThat(kept.point().assurance())
                                .as(kept.toString())
                                .isEqualTo(Assurance.PROVEN));
    }

    private long replicaBytes() {
        return host.database().replica().statistics().bytes().orElseThrow();
    }

    @Test
    void nobody_waits_for_a_transfer_however_slow_the_link() throws IOException {
        // So slow that each transfer of the whole takes seconds.
        AtomicInteger bytesPerSecond = new AtomicInteger(400_000);
        try (S3Server server = S3ProxyServer.start();
                FaultProxy slow = new FaultProxy(
                                server.endpoint(),
                                request -> request.lists() || !request.target().contains("/000")
                                        ? Optional.empty()
                                        : Optional.of(FaultProxy.slowly(bytesPerSecond::get)))
                        .start()) {
            // A loaded machine renews a short one too late.
            host.with("leaseTime", Duration.ofMinutes(1));
            host.inBucket(slow.endpoint());
            write();
            Instant begun = Instant.now();
            assertProven(host.snapshot());
            assertThat(Duration.between(begun, Instant.now())).isGreaterThan(LONGEST_WAIT.multipliedBy(2));
            assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
            assertThat(longest(application.stop())).isLessThan(LONGEST_WAIT);
            assertThat(slow.seen()).extracting(Request::method).contains("PUT");
            assertThat(host.lastRun().statistics().sealSeconds()).isEmpty();
            host.stop();
        }
    }

    @Test
    void an_application_that_opens_for_each_statement_costs_its_changes_only() {
        write();
        assertProven(host.snapshot());
        long whole = replicaBytes();
        for (int run = 0; run < 10; run++) {
            application.awaitRows(10);
            assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        }
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
        application.stop();
        assertThat(replicaBytes() - whole).isLessThan(whole);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(host.restoredContent()).isEqualTo(host.file().content());
    }

    @Test
    void a_wal_that_was_started_over_while_nobody_held_it_is_not_taken_for_one_that_goes_on() {
        host.snapshot();
        application.open(host.file().file()).sql("PRAGMA wal_autocheckpoint=0");
        application.sql("UPDATE t SET note = hex(randomblob(50))");
        host.snapshot();
        // As between two jobs, and while the service is down.
        host.stop();
        application.sql("UPDATE t SET note = 'before' WHERE id BETWEEN 5000 AND 5010");
        application.sql("PRAGMA wal_checkpoint(PASSIVE)");
        application.sql("UPDATE t SET note = 'after' WHERE id = 7");
        host.restart();
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(host.restored(
                        restored -> restored.value("SELECT count(*) FROM t WHERE note IN ('before', 'after')")))
                .isEqualTo("12");
    }

    @Test
    void the_wal_is_started_over_by_the_runs() {
        application.open(host.file().file());
        host.snapshot();
        long most = 0;
        for (int run = 0; run < 12; run++) {
            application.sql("UPDATE t SET note = hex(randomblob(50))");
            assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
            most = Math.max(most, Files.exists(host.settings().side("-wal")) ? walBytes() : 0);
        }
        assertThat(most).isLessThan(8 * host.file().file().toFile().length());
        assertThat(host.restoredContent()).isEqualTo(application.sql("SELECT id || ':' || note FROM t"));
    }

    private long walBytes() {
        return host.settings().side("-wal").toFile().length();
    }

    @Test
    void a_restore_that_differs_is_found_and_then_mended_by_a_whole_snapshot() {
        write();
        AtomicBoolean damaged = new AtomicBoolean();
        host.engine().afterRestore(output -> {
            if (damaged.compareAndSet(false, true)) {
                TestDatabase.at(output).execute("PRAGMA journal_mode=DELETE", "UPDATE t SET note = 'x' WHERE id = 99");
            }
        });
        assertProven(host.snapshot());
        assertThat(host.lastRun().warnings()).anyMatch(warning -> warning.startsWith("not proven"));
        assertThat(damaged).isTrue();
    }

    @Test
    void a_restore_of_an_older_transaction_proves_nothing() throws IOException {
        host.snapshot();
        Path older = temp.resolve("older.db");
        host.engine().afterRestore(output -> {
            try {
                Files.copy(output, older, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        host.verify();
        assertThat(older).exists();
        host.engine().afterRestore(output -> {
            try {
                Files.copy(older, output, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        application.once(host.file().file(), FIRST);
        Host.assertFailed(host.verify(), FailureKind.PROOF_FAILED);
    }
}
