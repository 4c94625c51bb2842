package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.litestow.config.Schedule;
import io.github.litestow.journal.Journal;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a start makes up for slots, and since when one is due, by a fixed clock. */
class SnapshotSlotsTest {
    private static final String EVERY_FIVE_MINUTES = "0 */5 * * * ?";
    private static final String LAST = "2026-11-21T10:00:00.020Z";

    @TempDir
    Path folder;

    private Journal journal;

    @BeforeEach
    void aJournal() {
        journal = Journal.open(
                folder,
                JsonMapper.builder()
                        .addModules(new Jdk8Module(), new JavaTimeModule())
                        .build());
    }

    @Test
    void one_run_makes_up_for_three_slots() throws Failure {
        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), LAST);

        assertThat(missed(EVERY_FIVE_MINUTES, "2026-11-21T10:16:00Z")).isEqualTo("2026-11-21T10:05:00Z");
        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), "2026-11-21T10:16:00Z");
        assertThat(missed(EVERY_FIVE_MINUTES, "2026-11-21T10:16:30Z")).isEmpty();
    }

    @Test
    void a_restart_between_two_slots_misses_none() throws Failure {
        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), LAST);

        assertThat(missed(EVERY_FIVE_MINUTES, "2026-11-21T10:04:59Z")).isEmpty();
    }

    @Test
    void a_first_start_misses_nothing() throws Failure {
        assertThat(missed(EVERY_FIVE_MINUTES, "2026-11-21T10:16:00Z")).isEmpty();
        ran(Operation.RESTORE, new Outcome.AlreadyPresent(), LAST);
        assertThat(missed(EVERY_FIVE_MINUTES, "2026-11-21T10:16:00Z")).isEmpty();
    }

    @Test
    void what_was_skipped_is_no_run_and_the_replicas_own_record_counts() throws Failure {
        journal.learn(List.of(new RestorePoint("0000000000000001", Instant.parse(LAST), Assurance.PROVEN)), true);
        ran(Operation.SNAPSHOT, new Outcome.Skipped("the service is stopping"), "2026-11-21T10:10:01Z");

        assertThat(missed(EVERY_FIVE_MINUTES, "2026-11-21T10:11:00Z")).isEqualTo("2026-11-21T10:05:00Z");
    }

    @Test
    void a_time_that_the_clocks_leave_out_is_not_missed_and_one_they_repeat_is_missed_once() throws Failure {
        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), "2026-03-28T01:30:00.020Z");
        assertThat(missed("30 2 * * *", "2026-03-29T10:00:00Z")).isEmpty();

        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), "2026-10-24T00:30:00.020Z");
        assertThat(missed("30 2 * * *", "2026-10-25T10:00:00Z")).isEqualTo("2026-10-25T00:30:00Z");
        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), "2026-10-25T00:45:00Z");
        assertThat(missed("30 2 * * *", "2026-10-25T10:00:00Z")).isEmpty();
    }

    @Test
    void a_slot_is_due_from_its_time_until_a_snapshot_begins() throws Failure {
        assertThat(due("2026-11-21T10:04:59Z")).as("watched since 10:00").isEmpty();
        assertThat(due("2026-11-21T10:16:00Z")).isEqualTo("2026-11-21T10:05:00Z");

        ran(Operation.SNAPSHOT, new Outcome.Skipped("another run is working"), "2026-11-21T10:15:00Z");
        ran(Operation.RESTORE, new Outcome.AlreadyPresent(), "2026-11-21T10:15:30Z");
        assertThat(due("2026-11-21T10:16:00Z")).isEqualTo("2026-11-21T10:05:00Z");

        ran(
                Operation.SNAPSHOT,
                new Outcome.Failed(FailureKind.DISK, "look", "cause", "hint"),
                "2026-11-21T10:15:00.020Z");
        assertThat(due("2026-11-21T10:19:59Z")).as("it began").isEmpty();
        assertThat(due("2026-11-21T10:26:00Z")).isEqualTo("2026-11-21T10:20:00Z");
    }

    @Test
    void a_run_that_is_dated_in_the_future_uses_no_slot() throws Failure {
        ran(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), "2027-11-21T10:00:00Z");

        assertThat(due("2026-11-21T10:16:00Z")).isEqualTo("2026-11-21T10:05:00Z");
    }

    private String due(String now) {
        return SnapshotSlots.due(
                        new Schedule(EVERY_FIVE_MINUTES, ZoneId.of("UTC")),
                        journal,
                        Optional.empty(),
                        Instant.parse("2026-11-21T10:00:00Z"),
                        Instant.parse(now))
                .map(Instant::toString)
                .orElse("");
    }

    private void ran(Operation operation, Outcome outcome, String started) throws Failure {
        Instant time = Instant.parse(started);
        journal.append(new RunRecord(started, "default", operation, "cron", time, time, outcome, List.of()));
    }

    private String missed(String cron, String now) {
        return SnapshotSlots.missed(new Schedule(cron, ZoneId.of("Europe/Berlin")), journal, Instant.parse(now))
                .map(Instant::toString)
                .orElse("");
    }
}
