package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.OnlineCopy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SQLite does for a run ends with the run: at its deadline, and when it is told to stop. */
class SqliteWorkDeadlineTest {
    /** What a run may take beyond its deadline (design section 4). */
    private static final Duration PROMISED = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private Host host;

    /** Checking it takes minutes, because each row's constraint does. */
    @BeforeEach
    void a_database_that_takes_long_to_check() {
        host = new Host(folder.resolve("data"), folder.resolve("replica"));
        host.file()
                .execute(
                        "PRAGMA journal_mode=WAL",
                        "PRAGMA ignore_check_constraints=ON",
                        "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT CHECK (length(hex(zeroblob(10000000))) > id))",
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                                + " INSERT INTO t SELECT i, 'note' FROM n");
    }

    @Test
    void a_check_ends_at_the_deadline_and_names_the_setting() {
        Duration timeout = Duration.ofSeconds(1);
        long start = System.nanoTime();

        Outcome outcome = host.snapshots()
                .snapshot(host.database(), new SnapshotRequest("test", true, false, Optional.of(timeout)))
                .result();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.plus(PROMISED));
        assertFailed(outcome, FailureKind.TIMEOUT);
        assertThat(((Outcome.Failed) outcome).step()).isEqualTo("look");
        assertThat(((Outcome.Failed) outcome).hint()).contains("LITESTOW_SNAPSHOT_TIMEOUT");
    }

    @Test
    void a_check_ends_when_the_service_stops_and_leaves_no_lease() {
        CompletableFuture<Outcome> run = CompletableFuture.supplyAsync(host::keep);
        Awaitility.await()
                .until(() -> host.database()
                        .currentRun()
                        .own()
                        .filter(now -> now.step().equals("look"))
                        .isPresent());

        host.stop();

        assertThat(run.join()).isInstanceOf(Outcome.Skipped.class);
        assertThat(host.database().leaseHeld()).isFalse();
    }

    @Test
    void a_comparison_and_a_copy_end_when_they_must() {
        Cancellation stop = new Cancellation();
        stop.cancel();
        WorkLimit stopped = new WorkLimit(new Deadline(System::nanoTime, Duration.ofMinutes(1)), stop, Duration.ZERO);
        WorkLimit late =
                new WorkLimit(new Deadline(System::nanoTime, Duration.ZERO), new Cancellation(), Duration.ZERO);
        Path file = host.file().file();

        assertEnds(FailureKind.BUSY, () -> OnlineCopy.difference(file, file, stopped));
        assertEnds(FailureKind.TIMEOUT, () -> OnlineCopy.difference(file, file, late));
        Path copy = folder.resolve("copy.db");
        assertEnds(FailureKind.BUSY, () -> OnlineCopy.make(host.settings(), copy, Duration.ZERO, stopped));
        assertEnds(FailureKind.TIMEOUT, () -> OnlineCopy.make(host.settings(), copy, Duration.ZERO, late));
    }

    private static void assertEnds(FailureKind kind, ThrowingCallable work) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(work)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
