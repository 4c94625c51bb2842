package io.github.litestow.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.host.RecordedEvents;
import io.github.litestow.host.SettableClock;
import io.github.litestow.host.WiredService;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No age is below zero, and a time in the future is no success and no proof. */
class AgesTest {
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path temp;

    private Host host;

    @BeforeEach
    void aKeptDatabaseThatWasProven() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.deleteLocal", false);
        host.file().withRows("WAL", 10);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Snapshotted.class);
    }

    private DatabaseStatus status(Instant now) {
        DatabaseState state = host.database().journal().state();
        return DatabaseStatus.of(
                host.database(), state, Optional.of(Duration.ofMinutes(10)), Optional.empty(), now, now);
    }

    private void ended(Operation operation, Instant when, Outcome outcome) throws Failure {
        host.database()
                .journal()
                .append(new RunRecord("id", host.database().name(), operation, "test", when, when, outcome, List.of()));
    }

    @Test
    void a_clock_that_was_set_back_a_little_shows_an_age_of_zero() {
        BackupStatus backup = status(Instant.now().minusSeconds(60)).backup();
        assertThat(backup.ageSeconds()).contains(0L);
        assertThat(backup.provenAgeSeconds()).contains(0L);
        assertThat(backup.fresh()).isTrue();
    }

    @Test
    void a_run_dated_a_year_ahead_makes_nothing_fresh_and_is_named() throws Failure {
        Instant now = Instant.now().plus(Duration.ofHours(1));
        ended(
                Operation.RESTORE,
                now.plus(YEAR),
                new Outcome.Restored(host.lastRun().result().restorePoint().orElseThrow()));
        DatabaseStatus status = status(now);
        assertThat(status.backup().fresh()).isFalse();
        assertThat(status.backup().ageSeconds())
                .hasValueSatisfying(age -> assertThat(age).isBetween(3_590L, 4_000L));
        assertThat(status.warnings()).anyMatch(warning -> warning.contains("in the future"));
    }

    @Test
    void when_every_time_is_in_the_future_nothing_is_fresh_and_the_age_counts_from_now() {
        BackupStatus backup = status(Instant.now().minus(YEAR)).backup();
        assertThat(backup.fresh()).isFalse();
        assertThat(backup.ageSeconds()).contains(0L);
        assertThat(backup.provenAgeSeconds()).isEmpty();
        assertThat(backup.lastSuccess()).isEmpty();
    }

    @Test
    void a_clock_that_was_set_back_under_the_service_does_not_make_an_age_unknown() {
        SettableClock clock = new SettableClock(Instant.now());
        WiredService service = new WiredService(
                host.settings(),
                WiredService.litestream(host.settings(), Host.realEngine()),
                clock,
                new RecordedEvents());
        assertThat(service.status().of(host.settings())).isPresent();

        clock.set(YEAR.negated());

        BackupStatus backup = service.status().of(host.settings()).orElseThrow().backup();
        assertThat(backup.fresh()).isFalse();
        assertThat(backup.ageSeconds()).contains(0L);
    }

    @Test
    void a_success_dated_in_the_future_hides_no_failure() throws Failure {
        Instant now = Instant.now();
        Outcome success = host.lastRun().result();
        ended(Operation.SNAPSHOT, now.plus(YEAR), success);
        ended(Operation.SNAPSHOT, now, new Outcome.Failed(FailureKind.DISK, "look", "full", "make room"));
        assertThat(status(now).lastFailure()).isPresent();
        ended(Operation.SNAPSHOT, now.plusSeconds(1), success);
        assertThat(status(now.plusSeconds(2)).lastFailure()).isEmpty();
    }

    @Test
    void a_file_that_appears_after_an_offload_makes_the_backup_stale_and_is_named() throws Exception {
        host = new Host(temp.resolve("other"), temp.resolve("other-replica"));
        host.file().withRows("WAL", 10);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(status(Instant.now()).backup().fresh()).isTrue();
        Files.createFile(host.settings().database());
        DatabaseStatus status = status(Instant.now());
        assertThat(status.backup().fresh()).isFalse();
        assertThat(status.warnings()).anyMatch(warning -> warning.contains("appeared after"));
    }
}
