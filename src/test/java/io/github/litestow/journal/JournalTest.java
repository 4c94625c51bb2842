package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private Path log;

    @BeforeEach
    void name() {
        log = folder.resolve("runs.jsonl");
    }

    @Test
    void a_line_cut_off_at_any_byte_is_passed_over_and_the_next_one_is_a_line_of_its_own() throws Exception {
        Journal journal = Journal.open(folder, JSON);
        journal.append(run("1"));
        int whole = Math.toIntExact(Files.size(log));
        journal.append(run("2"));
        byte[] both = Files.readAllBytes(log);

        for (int cut = whole; cut < both.length - 1; cut++) {
            Files.write(log, Arrays.copyOf(both, cut));

            Journal torn = Journal.open(folder, JSON);
            assertThat(ids(torn)).as("cut at %d", cut).containsExactly("1");
            torn.append(run("3"));
            assertThat(ids(Journal.open(folder, JSON))).as("cut at %d", cut).containsExactly("1", "3");
        }
    }

    @Test
    void a_line_that_lacks_its_newline_only_is_whole() throws Exception {
        Journal.open(folder, JSON).append(run("1"));
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));

        Journal journal = Journal.open(folder, JSON);
        journal.append(run("2"));

        assertThat(ids(Journal.open(folder, JSON))).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "7", "\0\0\0\0\0\0\0\0", "\r", " ", "{\"id\": \"1\", \"oper"})
    void what_is_no_run_is_passed_over_wherever_it_is(String line) throws Exception {
        Journal.open(folder, JSON).append(run("1"));
        Files.writeString(log, line + "\n" + Files.readString(log) + line + "\n\n");

        Journal journal = Journal.open(folder, JSON);
        journal.append(run("2"));

        assertThat(ids(Journal.open(folder, JSON))).containsExactly("1", "2");
    }

    @Test
    void a_state_whose_writing_was_cut_off_takes_nothing_from_the_one_before() throws Exception {
        Journal.open(folder, JSON).change(change -> change.attributes("1000:1000:rw-r-----"));
        Files.write(folder.resolve("state.json.new"), new byte[] {'{', '"', (byte) 0xc3});

        Journal journal = Journal.open(folder, JSON);
        assertThat(journal.state().attributes()).contains("1000:1000:rw-r-----");
        journal.append(run("1"));

        assertThat(ids(Journal.open(folder, JSON))).containsExactly("1");
    }

    @Test
    void a_run_that_no_disk_takes_is_known_to_this_process_and_written_with_the_next_change() throws Exception {
        Path away = folder.resolveSibling(folder.getFileName() + "-away");
        Journal journal = Journal.open(folder, JSON);
        journal.append(run("1", Operation.RESTORE, new Outcome.AlreadyPresent()));
        Files.move(folder, away);

        assertThatThrownBy(() -> journal.append(run("2"))).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> journal.append(run("3"))).isInstanceOf(Failure.class);

        Files.move(away, folder);
        journal.load();
        assertThat(journal.state().lastFailure().get(Operation.SNAPSHOT).id()).isEqualTo("3");
        assertThat(ids(journal)).containsExactly("1", "3");
        assertThat(Journal.open(folder, JSON).state().lastFailure())
                .as("on disk")
                .isEmpty();
        journal.append(run("4", Operation.RESTORE, new Outcome.AlreadyPresent()));
        Journal again = Journal.open(folder, JSON);
        assertThat(again.state().lastFailure().get(Operation.SNAPSHOT).id()).isEqualTo("3");
        assertThat(again.runs()).hasSameSizeAs(journal.runs());
    }

    @Test
    void the_last_runs_are_told_of_although_their_file_was_moved_away() throws Exception {
        Journal journal = Journal.open(folder, JSON);
        journal.append(run("0"));
        String line = Files.readString(log);
        long lines = (1L << 20) / line.getBytes(StandardCharsets.UTF_8).length + 1;
        for (long i = 1; i < lines; i++) {
            Files.writeString(log, line, StandardOpenOption.APPEND);
        }

        journal.append(run("1"));
        journal.append(run("2"));

        assertThat(folder.resolve("runs.jsonl.1")).exists();
        List<String> expected = IntStream.range(0, 200)
                .mapToObj(i -> i < 198 ? "0" : String.valueOf(i - 197))
                .toList();
        assertThat(ids(Journal.open(folder, JSON))).isEqualTo(expected);
        journal.load();
        assertThat(ids(journal)).isEqualTo(expected);
    }

    @Test
    void a_restore_into_another_file_is_remembered_but_is_no_success_of_the_database() throws Exception {
        RestorePoint point = new RestorePoint("0000000000000007", NOON, Assurance.PROVEN);
        Journal journal = Journal.open(folder, JSON);

        journal.append(run("1", Operation.RESTORE, new Outcome.Restored(point, true, Optional.empty())));
        assertThat(journal.state().lastSuccess()).isEmpty();
        journal.append(run("2", Operation.RESTORE, new Outcome.Restored(point, false, Optional.empty())));
        journal.append(run("3", Operation.RESTORE, new Outcome.Restored(point, true, Optional.empty())));

        Journal again = Journal.open(folder, JSON);
        assertThat(again.state().lastSuccess().get(Operation.RESTORE).id()).isEqualTo("2");
        assertThat(again.runs().get(2).result()).isEqualTo(new Outcome.Restored(point, true, Optional.empty()));
    }

    private static List<String> ids(Journal journal) {
        return journal.runs().stream().map(RunRecord::id).toList();
    }

    private static RunRecord run(String id) {
        return run(
                id, Operation.SNAPSHOT, new Outcome.Failed(FailureKind.REFUSED, "look", "/d\u00e9j\u00e0 \u20ac", "…"));
    }

    private static RunRecord run(String id, Operation operation, Outcome result) {
        return new RunRecord(id, "default", operation, "cron", NOON, NOON, result, List.of());
    }

    @Test
    void a_run_that_no_disk_took_is_no_news_over_what_another_process_wrote_since() throws Exception {
        Outcome failed = new Outcome.Failed(FailureKind.BUSY, "seal", "cause", "hint");
        Journal journal = Journal.open(folder, JSON);
        Journal other = Journal.open(folder, JSON);

        journal.remember(ended(NOON, failed));
        other.append(ended(NOON.plusSeconds(60), new Outcome.Snapshotted(POINT, Kept.ASKED)));
        journal.load();
        assertThat(journal.state().lastFailure()).isEmpty();

        journal.remember(ended(NOON.plusSeconds(120), new Outcome.Snapshotted(POINT, Kept.ASKED)));
        other.append(ended(NOON.plusSeconds(180), failed));
        journal.load();
        assertThat(journal.state().lastFailure()).containsKey(Operation.SNAPSHOT);
    }

    @Test
    void a_run_that_no_disk_took_is_part_of_the_history_once_one_does() throws Exception {
        Journal journal = Journal.open(folder, JSON);
        journal.remember(run("1"));

        journal.append(run("2"));

        assertThat(ids(Journal.open(folder, JSON))).containsExactly("1", "2");
    }

    private static final RestorePoint POINT = new RestorePoint("0000000000000002", NOON, Assurance.CONFIRMED);

    private static RunRecord ended(Instant when, Outcome outcome) {
        return new RunRecord("id", "default", Operation.SNAPSHOT, "test", when, when, outcome, List.of());
    }
}
