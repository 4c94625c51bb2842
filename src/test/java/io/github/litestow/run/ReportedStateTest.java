package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is reported is not green while nothing is safe, over the real runs and the real engine. */
class ReportedStateTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(15);

    @TempDir
    Path temp;

    private Host host;

    @BeforeEach
    void aHostWithoutADatabase() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("health.maxAge", Optional.of(MAX_AGE));
    }

    @AfterEach
    void endTheService() {
        host.stop();
    }

    private BackupStatus backup() {
        return host.status().backup();
    }

    @Test
    void no_database_here_and_none_at_the_replica_is_a_state_of_its_own_that_names_the_path() {
        assertThat(host.start().emptyReplica()).isTrue();
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);

        assertThat(backup().state()).isEqualTo(BackupState.NOTHING_YET);
        assertThat(backup().fresh()).isFalse();
        assertThat(backup().ageSeconds()).isEmpty();
        assertThat(backup().acceptable(host.settings())).as("a first start").isTrue();
        assertThat(host.lastRun().warnings())
                .singleElement()
                .asString()
                .contains(
                        "nothing is backed up", host.settings().database().toString(), "LITESTOW_FOLDER", "DB_SQLITE");
        assertThat(TextReport.of(host.status(), TimeText.at(Clock.systemUTC())))
                .contains("default: nothing yet", host.settings().database().toString());
    }

    @Test
    void a_setting_makes_it_a_failure_that_is_over_with_the_first_snapshot() {
        host.with("snapshot.required", true);

        Host.assertFailed(host.snapshot(), FailureKind.SETTINGS);
        assertThat(backup().acceptable(host.settings())).isFalse();
        assertThat(host.status().lastFailure()).isPresent();

        host.file().withRows("WAL", 10);
        host.offload();
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(backup().acceptable(host.settings())).isTrue();
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void a_machine_without_a_record_asks_the_replica_before_it_says_that_nothing_is_backed_up() {
        host.file().withRows("WAL", 10);
        host.offload();
        host.loseStateFolder();
        host.with("snapshot.required", true);

        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(host.lastRun().warnings()).isEmpty();
        assertThat(backup().state()).isEqualTo(BackupState.FRESH);
        assertThat(backup().offloaded()).isTrue();
    }

    @Test
    void a_database_that_was_never_backed_up_has_the_age_since_it_was_first_seen() throws IOException {
        host.file().withRows("WAL", 10);
        host.with("snapshot.shrinkLimit", 0.0);
        Files.createDirectories(temp.resolve("replica").getParent());
        Files.writeString(temp.resolve("replica"), "no folder");
        assertThat(host.snapshot().failure()).isPresent();
        assertThat(backup().state()).as("young, and never backed up").isEqualTo(BackupState.STALE);
        assertThat(TextReport.of(host.status(), TimeText.at(Clock.systemUTC())))
                .startsWith("default: STALE, no backup yet, local copy there");
        host.later(Duration.ofMinutes(20));
        assertThat(host.snapshot().failure()).isPresent();

        assertThat(backup().ageSeconds())
                .hasValueSatisfying(age -> assertThat(age).isBetween(1200L, 1260L));
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
        assertThat(backup().lastSuccess()).isEmpty();
    }

    @Test
    void a_database_that_no_run_has_seen_has_an_age_too() {
        host.file().withRows("WAL", 10);

        assertThat(backup().ageSeconds()).contains(0L);
    }

    @Test
    void a_verification_uploads_and_proves_and_counts_for_the_age() {
        host.file().withRows("WAL", 10);
        host.keep();
        host.later(Duration.ofMinutes(20));
        assertThat(backup().state()).isEqualTo(BackupState.STALE);

        host.file().addRow();
        assertThat(host.verify())
                .isEqualTo(new Outcome.Verified(
                        host.lastRun().result().restorePoint().orElseThrow(), true));

        assertThat(backup().ageSeconds())
                .hasValueSatisfying(age -> assertThat(age).isLessThan(60));
        assertThat(backup().state()).isEqualTo(BackupState.FRESH);
    }

    @Test
    void a_verification_of_the_replica_alone_says_nothing_of_a_database_that_is_gone() throws IOException {
        host.file().withRows("DELETE", 10);
        host.keep();
        Files.delete(host.file().file());
        host.later(Duration.ofMinutes(20));

        assertThat(host.verify())
                .isInstanceOfSatisfying(
                        Outcome.Verified.class,
                        verified -> assertThat(verified.agreed()).isFalse());
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
    }

    @Test
    void no_age_is_below_zero_when_the_clock_was_set_back_and_what_is_to_come_is_no_success() {
        host.file().withRows("WAL", 10);
        host.keep();
        host.later(Duration.ofMinutes(-1));
        assertThat(backup().ageSeconds())
                .hasValueSatisfying(age -> assertThat(age).isNotNegative());
        assertThat(backup().provenAgeSeconds())
                .hasValueSatisfying(age -> assertThat(age).isNotNegative());

        host.later(Duration.ofHours(-2));
        assertThat(backup().ageSeconds())
                .hasValueSatisfying(age -> assertThat(age).isNotNegative());
        assertThat(backup().provenAgeSeconds()).isEmpty();
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
    }

    @Test
    void a_proof_that_is_dated_in_the_future_does_not_put_off_the_next_one() {
        host.file().withRows("WAL", 10);
        host.offload();
        host.later(Duration.ofDays(-30));

        assertThat(host.snapshot()).isInstanceOf(Outcome.Verified.class);
    }

    @Test
    void the_last_success_is_when_the_run_ended() {
        host.file().withRows("WAL", 10);
        host.keep();

        assertThat(backup().lastSuccess()).contains(host.lastRun().finished());
    }

    @Test
    void a_failed_verification_is_over_when_a_snapshot_shows_that_the_replica_answers() throws IOException {
        host.file().withRows("WAL", 10);
        host.keep();
        Path hidden = temp.resolve("hidden");
        Files.move(temp.resolve("replica"), hidden);
        Files.writeString(temp.resolve("replica"), "no folder");
        assertThat(host.verify().failure()).isPresent();
        assertThat(host.status().lastFailure())
                .hasValueSatisfying(failure -> assertThat(failure.operation()).isEqualTo(Operation.VERIFY));

        Files.delete(temp.resolve("replica"));
        Files.move(hidden, temp.resolve("replica"));
        host.file().addRow();
        host.keep();
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void a_failed_restore_is_over_when_the_replica_is_seen_to_be_empty() throws IOException {
        Files.writeString(temp.resolve("replica"), "no folder");
        assertThat(host.start().failure()).isPresent();
        assertThat(host.status().lastFailure()).isPresent();

        Files.delete(temp.resolve("replica"));
        assertThat(host.start().emptyReplica()).isTrue();
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void a_restored_database_that_nobody_touches_is_proven_again_though_it_is_unchanged() {
        host.file().withRows("WAL", 10);
        host.offload();
        host.restore();
        assertThat(host.keep()).isInstanceOf(Outcome.Unchanged.class);
        host.later(Duration.ofDays(2));
        host.engine().forget();

        host.offload();
        assertThat(host.engine().calls()).containsExactly("restore");
        assertThat(backup().provenAgeSeconds())
                .hasValueSatisfying(age -> assertThat(age).isLessThan(60));
    }

    @Test
    void the_emptied_replica_of_an_unchanged_database_is_noticed_within_the_time_of_a_proof() {
        host.file().withRows("WAL", 10);
        host.offload();
        host.restore();
        Host.delete(temp.resolve("replica/ltx"));
        host.later(Duration.ofDays(2));

        Host.assertFailed(host.snapshot(), FailureKind.REPLICA_MISSING);
        assertThat(host.file().exists()).isTrue();
    }

    @Test
    void a_job_does_not_call_an_offloaded_database_done_whose_replica_was_emptied() {
        host.file().withRows("WAL", 10);
        host.offload();
        host.asCommands();
        host.engine().forget();
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(host.engine().calls()).isEmpty();

        Host.delete(temp.resolve("replica/ltx"));

        Host.assertFailed(host.snapshot(), FailureKind.REPLICA_MISSING);
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
    }

    @Test
    void a_job_does_not_call_an_offloaded_database_done_whose_newest_file_is_gone() throws IOException {
        host.file().withRows("WAL", 10);
        host.offload();
        host.restore();
        host.file().addRow();
        RestorePoint newest = host.offload().point();
        host.asCommands();
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        for (String file : host.replicaFiles().keySet()) {
            if (file.endsWith(newest.txid() + ".ltx")) {
                Files.delete(temp.resolve("replica").resolve(file));
            }
        }

        Host.assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
    }

    @Test
    void an_offloaded_database_is_proven_again_by_a_restore_to_scratch_and_not_before_it_is_due() {
        host.file().withRows("WAL", 10);
        Outcome.Offloaded offloaded = host.offload();
        host.engine().forget();
        host.later(Duration.ofDays(6));
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(host.engine().calls()).isEmpty();

        host.later(Duration.ofDays(2));
        Instant before = host.database().journal().state().provenAt().orElseThrow();
        assertThat(host.snapshot()).isEqualTo(new Outcome.Verified(offloaded.point(), false));
        assertThat(host.engine().calls()).isNotEmpty();
        assertThat(host.database().journal().state().provenAt().orElseThrow()).isAfter(before);
        assertThat(host.file().exists()).isFalse();
        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(backup().state()).isEqualTo(BackupState.FRESH);
    }

    @Test
    void an_offloaded_database_of_which_the_replica_rotted_is_stale_until_it_restores_again() throws IOException {
        host.file().withRows("WAL", 10);
        host.offload();
        Path replica = temp.resolve("replica/ltx");
        Path hidden = temp.resolve("hidden");
        Files.move(replica, hidden);
        host.later(Duration.ofDays(8));

        Host.assertFailed(host.snapshot(), FailureKind.REPLICA_MISSING);
        assertThat(backup().offloaded()).isTrue();
        assertThat(backup().state()).isEqualTo(BackupState.STALE);

        Files.move(hidden, replica);
        assertThat(host.snapshot()).isInstanceOf(Outcome.Verified.class);
        assertThat(backup().state()).isEqualTo(BackupState.FRESH);
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void an_offloaded_database_of_which_the_newest_file_is_gone_is_not_called_proven() throws IOException {
        host.file().withRows("WAL", 10);
        host.offload();
        host.restore();
        host.file().addRow();
        host.offload();
        for (Path file : host.replicaFiles().keySet().stream()
                .filter(name -> name.contains("-0000000000000002") || name.contains("-0000000000000003"))
                .map(temp.resolve("replica")::resolve)
                .toList()) {
            Files.delete(file);
        }
        host.later(Duration.ofDays(8));

        Host.assertFailed(host.snapshot(), FailureKind.PROOF_FAILED);
        assertThat(backup().state()).isEqualTo(BackupState.STALE);
    }

    @Test
    void where_offloaded_databases_are_not_to_be_proven_again_none_is() {
        host.with("verifyOffloadedEvery", Optional.of(Duration.ZERO));
        host.file().withRows("WAL", 10);
        host.offload();
        host.later(Duration.ofDays(800));

        assertThat(host.snapshot()).isInstanceOf(Outcome.NothingToSnapshot.class);
        assertThat(backup().state()).isEqualTo(BackupState.FRESH);
    }
}
