package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a state folder that are JSON, and still not what Litestow writes. */
class StateFilesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "\"text\"",
                "{\"local\": null}",
                "{\"lineage\": {\"head\": 17}}",
                "{\"local\": {\"state\": \"descends\"}}",
                "{\"local\": {\"state\": \"restoring\", \"fileId\": \"1\"}}",
                "{\"local\": {\"state\": \"deleting\", \"before\": {\"state\": \"unknown\"}}}"
            })
    void a_state_that_is_none_is_named_and_stops_nothing_but_what_needs_it(String text) throws Exception {
        Files.writeString(folder.resolve("state.json"), text);

        Journal journal = Journal.open(folder, WiredService.JSON);

        assertThat(journal.state().lineage()).isEmpty();
        assertThatThrownBy(journal::load)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.DISK))
                .hasMessageContaining("state.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{\"days\": null}",
                "{\"days\": [null]}",
                "{\"days\": [{}]}",
                "{\"days\": {}}"
            })
    void a_history_of_days_that_is_none_hinders_no_run(String text) throws Exception {
        Journal journal = Journal.open(folder, WiredService.JSON);
        Files.writeString(folder.resolve("days.json"), text);

        journal.append(run());

        assertThat(journal.days()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"warnings\": []}", "{\"id\": \"1\", \"warnings\": []}", "{\"days\": []}"})
    void a_run_that_lacks_what_every_run_has_is_passed_over(String line) throws Exception {
        Files.writeString(folder.resolve("runs.jsonl"), line + "\n");

        Journal journal = Journal.open(folder, WiredService.JSON);
        journal.append(run());

        assertThat(journal.runs()).containsExactly(run());
    }

    private static RunRecord run() {
        return new RunRecord(
                "1",
                "default",
                Operation.SNAPSHOT,
                "cron",
                NOON,
                NOON,
                new Outcome.Failed(FailureKind.REFUSED, "look", "cause", "hint"),
                List.of());
    }
}
