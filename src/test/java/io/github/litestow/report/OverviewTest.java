package io.github.litestow.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is called safe was proven, and what is not safe is named with what could be lost. */
class OverviewTest {
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    @TempDir
    Path temp;

    private Host host;

    @BeforeEach
    void aKeptDatabase() throws IOException {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.deleteLocal", false);
        host.file().withRows("WAL", 10);
        Files.createDirectories(host.database().settings().stateFolder());
    }

    private DatabaseStanding standing(Instant now, boolean ready) {
        DatabaseState state = host.database().journal().state();
        DatabaseStatus status =
                DatabaseStatus.of(host.database(), state, Optional.of(MAX_AGE), Optional.empty(), now, now);
        return DatabaseStanding.of(host.database().settings(), status, state, ready, now);
    }

    private String sentence(Instant now) {
        return Overview.of(now, List.of(standing(now, true)), List.of()).sentence();
    }

    /** As a run leaves it that proved the database and kept it. */
    private void proven(Instant when) throws Failure {
        RestorePoint point = new RestorePoint("0000000000000002", when, Assurance.PROVEN);
        host.database()
                .journal()
                .change(change -> change.made(new RecordedPoint(point)).provenAt(when));
        Outcome outcome = new Outcome.Snapshotted(point, Kept.ASKED);
        host.database()
                .journal()
                .append(new RunRecord(
                        "id", host.database().name(), Operation.SNAPSHOT, "test", when, when, outcome, List.of()));
    }

    private void failed(Operation operation, FailureKind kind, Instant when) throws Failure {
        failed(operation, kind, "replicate", when);
    }

    private void failed(Operation operation, FailureKind kind, String step, Instant when) throws Failure {
        Outcome outcome = new Outcome.Failed(kind, step, "a cause with /a/path", "a hint");
        host.database()
                .journal()
                .append(new RunRecord("id", host.database().name(), operation, "test", when, when, outcome, List.of()));
    }

    @Test
    void a_database_that_was_never_backed_up_waits_and_then_could_be_lost_as_a_whole() {
        Instant now = Instant.now();
        assertThat(standing(now, false).standing()).isEqualTo(Standing.STARTING);
        assertThat(standing(now, true).standing()).isEqualTo(Standing.UNPROVEN);
        assertThat(sentence(now)).isEqualTo("Not proven yet: default waits for its first backup.");
    }

    @Test
    void where_there_is_nothing_yet_nothing_is_called_not_proven() {
        Instant now = Instant.now();
        Host empty = new Host(temp.resolve("empty"), temp.resolve("none"));
        DatabaseState state = empty.database().journal().state();
        DatabaseStatus status =
                DatabaseStatus.of(empty.database(), state, Optional.of(MAX_AGE), Optional.empty(), now, now);
        DatabaseStanding nothing = DatabaseStanding.of(empty.database().settings(), status, state, true, now);
        assertThat(nothing.standing()).isEqualTo(Standing.NOTHING_YET);
        assertThat(Overview.of(now, List.of(nothing), List.of()).sentence())
                .isEqualTo(
                        "Nothing yet: default has no backup, as there is no database here and no restore point at the"
                                + " replica.");
        assertThat(Overview.of(now, List.of(nothing, standing(now, true)), List.of())
                        .sentence())
                .startsWith("2 of 2 not proven yet: ");
    }

    @Test
    void of_a_damaged_database_that_was_never_backed_up_no_backup_is_promised() throws Failure {
        Instant now = Instant.now();
        failed(Operation.SNAPSHOT, FailureKind.SOURCE_DAMAGED, now);
        assertThat(sentence(now))
                .isEqualTo("At risk: default is damaged here, found 0 s ago, and was never backed up.");
        proven(now);
        failed(Operation.SNAPSHOT, FailureKind.SOURCE_DAMAGED, now);
        assertThat(sentence(now)).endsWith("; the replica keeps what was whole.");
    }

    @Test
    void a_proven_database_is_safe_until_its_proof_or_its_backup_is_too_old() throws Failure {
        Instant now = Instant.now();
        proven(now);
        assertThat(sentence(now)).startsWith("default is safe: it was proven ");
        assertThat(standing(now, true).verdict()).isEqualTo(Verdict.SAFE);

        assertThat(sentence(now.plus(MAX_AGE).plusSeconds(60)))
                .startsWith("At risk: default could lose what was written in the last 11 min");
        DatabaseState state = host.database().journal().state();
        Instant later = now.plus(Duration.ofDays(3));
        DatabaseStatus status = DatabaseStatus.of(
                host.database(), state, Optional.of(Duration.ofDays(2)), Optional.empty(), later, later);
        DatabaseStatus fresh =
                new DatabaseStatus(fresh(status.backup()), "", "", Optional.empty(), List.of(), Optional.empty());
        DatabaseStanding overdue =
                DatabaseStanding.of(host.database().settings(), fresh, state, true, later.plus(Duration.ofDays(1)));
        assertThat(overdue.standing()).isEqualTo(Standing.PROOF_OVERDUE);
        assertThat(overdue.words()).isEqualTo("has not been proven for 3 d");
    }

    /** The same, backed up a moment ago, by runs that prove nothing. */
    private static BackupStatus fresh(BackupStatus backup) {
        return new BackupStatus(
                backup.database(),
                true,
                false,
                BackupState.FRESH,
                true,
                backup.lastSuccess(),
                Optional.of(0L),
                Optional.of(60L),
                backup.lastRestorePoint(),
                backup.lastProven(),
                backup.provenAgeSeconds(),
                backup.nextRun(),
                backup.conditionalWrites(),
                backup.paused());
    }

    @Test
    void a_failure_is_a_risk_though_the_backup_is_young_and_its_path_is_not_told() throws Failure {
        Instant now = Instant.now();
        proven(now.minusSeconds(2));
        failed(Operation.SNAPSHOT, FailureKind.ACCESS_DENIED, now.minusSeconds(1));

        assertThat(standing(now, true).standing()).isEqualTo(Standing.FAILING);
        assertThat(sentence(now))
                .startsWith("At risk: default could not be backed up: the last snapshot failed, access_denied")
                .doesNotContain("/a/path");
        failed(Operation.VERIFY, FailureKind.PROOF_FAILED, now);
        assertThat(standing(now, true).standing()).isEqualTo(Standing.DAMAGED);
        assertThat(sentence(now)).isEqualTo("At risk: default failed its proof 0 s ago.");
    }

    @Test
    void a_kept_database_is_not_fresh_while_its_replica_is_lost_damaged_or_another_one_however_young() throws Failure {
        Instant now = Instant.now();
        for (FailureKind kind : List.of(FailureKind.REPLICA_MISSING, FailureKind.PROOF_FAILED, FailureKind.REFUSED)) {
            proven(now);
            assertThat(standing(now, true).status().backup().state()).isEqualTo(BackupState.FRESH);
            failed(Operation.SNAPSHOT, kind, "probe", now);
            assertThat(standing(now, true).status().backup().state()).isEqualTo(BackupState.STALE);
        }
        assertThat(sentence(now)).startsWith("At risk: default is not in order: the last snapshot failed, refused");
        failed(Operation.SNAPSHOT, FailureKind.REFUSED, "admit", now);
        assertThat(standing(now, true).status().backup().state()).isEqualTo(BackupState.FRESH);
    }

    @Test
    void the_sentence_names_what_is_paused_however_safe_it_is() throws Failure {
        Instant now = Instant.now();
        proven(now);
        host.database().journal().paused(Optional.of(now));

        assertThat(sentence(now)).startsWith("default is safe: ").endsWith(". Paused: default.");
        assertThat(sentence(now.plus(MAX_AGE).plusSeconds(60)))
                .startsWith("At risk: default could lose")
                .endsWith(". Paused: default.");
        DatabaseStanding one = standing(now, true);
        assertThat(Overview.of(now, List.of(one, one, one, one), List.of()).sentence())
                .endsWith(". Paused: default, default and 2 more.");
    }

    private void retired(Instant when) throws Exception {
        Files.deleteIfExists(host.file().file());
        host.database().journal().change(change -> change.retired(Optional.of(when)));
    }

    @Test
    void a_retired_database_is_no_alarm_however_long_ago_that_was_unless_its_replica_is_damaged() throws Exception {
        Instant now = Instant.now();
        proven(now.minusSeconds(3));
        failed(Operation.SNAPSHOT, FailureKind.REPLICA_UNREACHABLE, now.minusSeconds(2));
        retired(now);
        Instant later = now.plus(Duration.ofDays(90));

        DatabaseStanding standing = standing(later, true);

        assertThat(standing.verdict()).isEqualTo(Verdict.SAFE);
        assertThat(standing.words()).isEqualTo("was proven 90 d ago and is retired, its file is gone");
        assertThat(standing.proofLimit()).isEmpty();
        assertThat(standing.status().backup().ageSeconds()).isEmpty();
        assertThat(standing.status().lastFailure()).isEmpty();
        failed(Operation.VERIFY, FailureKind.PROOF_FAILED, later);
        assertThat(standing(later, true).standing()).isEqualTo(Standing.DAMAGED);
    }

    @Test
    void a_database_that_was_retired_before_its_first_backup_has_none_and_nothing_is_waited_for() throws Exception {
        Instant now = Instant.now();
        failed(Operation.SNAPSHOT, FailureKind.SOURCE_DAMAGED, now);
        retired(now);

        assertThat(standing(now.plus(Duration.ofDays(90)), true).standing()).isEqualTo(Standing.NOTHING_YET);
    }

    @Test
    void a_database_that_was_here_and_is_gone_is_at_risk_at_once_and_each_slot_says_so() throws Exception {
        host.keep();
        assertThat(standing(Instant.now(), true).verdict()).isEqualTo(Verdict.SAFE);
        Files.delete(host.file().file());

        assertThat(sentence(Instant.now()))
                .matches("At risk: default is gone here and was not offloaded; it was last backed up \\d+ s ago\\.");
        assertThat(standing(Instant.now(), true).status().backup().state()).isEqualTo(BackupState.STALE);
        assertThat(host.keep().which()).isEqualTo(Outcome.Case.NOTHING_TO_SNAPSHOT);
        assertThat(host.lastRun().warnings())
                .singleElement()
                .asString()
                .contains("is gone", "`restore` brings it back");
        host.restore();
        assertThat(standing(Instant.now(), true).verdict()).isEqualTo(Verdict.SAFE);
    }

    @Test
    void no_database_at_all_is_nothing_to_be_calm_about() {
        assertThat(Overview.of(Instant.now(), List.of(), List.of()).verdict()).isEqualTo(Verdict.WAITING);
    }
}
