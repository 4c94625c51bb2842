package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDaysTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    @Test
    void a_day_tells_what_its_runs_came_to_long_after_the_runs_are_forgotten() throws Exception {
        Journal journal = Journal.open(folder, WiredService.JSON);
        journal.append(run("1", NOON, "cron", snapshotted(Assurance.PROVEN)));
        journal.append(run("2", NOON, "cron", snapshotted(Assurance.CONFIRMED)));
        journal.append(run("3", NOON, "cron", new Outcome.Unchanged(point(Assurance.PROVEN))));
        journal.append(run(
                "4", NOON, "cron", new Outcome.Failed(FailureKind.THROTTLED, "replicate", "the store", "fewer slots")));
        journal.append(run("5", NOON, "start-up", snapshotted(Assurance.CONFIRMED)));
        for (int i = 0; i < EndedRuns.MAX_RUNS; i++) {
            journal.append(run("later", NOON.plus(DAY), "cron", snapshotted(Assurance.CONFIRMED)));
        }

        RunDay first = Journal.open(folder, WiredService.JSON).days().get(0);

        assertThat(first.day()).isEqualTo("2026-11-21");
        assertThat(List.of(first.proven(), first.confirmed(), first.unchanged(), first.failed(), first.missed()))
                .containsExactly(1, 2, 1, 1, 1);
        assertThat(first.worst()).contains("4");
        assertThat(first.kind()).contains(FailureKind.THROTTLED);
        assertThat(journal.runs()).noneMatch(run -> run.id().equals("1"));
    }

    @Test
    void a_day_on_which_somebody_watched_is_kept_although_nothing_ran_and_only_ninety_are() throws Exception {
        Journal journal = Journal.open(folder, WiredService.JSON);
        LocalDate first = LocalDate.of(2026, 8, 1);
        for (int i = 0; i < RunDay.DAYS + 10; i++) {
            journal.watched(first.plusDays(i));
        }

        assertThat(journal.days()).hasSize(RunDay.DAYS).allMatch(day -> day.failed() == 0);
        assertThat(journal.days().get(0).day()).isEqualTo(first.plusDays(10));
    }

    @Test
    void a_damaged_history_of_days_is_set_aside_and_hinders_no_run() throws Exception {
        Journal journal = Journal.open(folder, WiredService.JSON);
        Files.writeString(folder.resolve("days.json"), "{\"days\": [{");

        journal.append(run("1", NOON, "cron", snapshotted(Assurance.PROVEN)));

        assertThat(journal.days()).hasSize(1);
        assertThat(folder.resolve("days.json.damaged")).exists();
    }

    private static Outcome snapshotted(Assurance assurance) {
        return new Outcome.Snapshotted(point(assurance), Kept.ASKED);
    }

    private static RestorePoint point(Assurance assurance) {
        return new RestorePoint("0000000000000002", NOON, assurance);
    }

    private static RunRecord run(String id, Instant ended, String trigger, Outcome outcome) {
        return new RunRecord(
                id, "default", Operation.SNAPSHOT, trigger, ended.minusSeconds(1), ended, outcome, List.of());
    }
}
