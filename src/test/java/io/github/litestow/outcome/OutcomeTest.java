package io.github.litestow.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomeTest {
    private static final ObjectMapper JSON =
            JsonMapper.builder().findAndAddModules().build();
    private static final RestorePoint POINT =
            new RestorePoint("000000000000000c", Instant.parse("2026-11-21T12:00:00Z"), Assurance.PROVEN);

    static Stream<Outcome> outcomes() {
        return Stream.of(
                new Outcome.Offloaded(POINT),
                new Outcome.Snapshotted(POINT, Kept.IN_USE),
                new Outcome.Unchanged(POINT),
                new Outcome.Restored(POINT, false, Optional.of("unknown function: slug()")),
                new Outcome.AlreadyPresent(),
                new Outcome.NothingToRestore(Optional.of(POINT), Optional.of("000000000000002a")),
                new Outcome.NothingToSnapshot(Optional.of("000000000000000c")),
                new Outcome.Verified(POINT, true),
                new Outcome.Skipped("the service is stopping"),
                new Outcome.Failed(FailureKind.DISK, "look", "cause", "hint"));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void json_names_each_case_by_its_label_and_is_read_back(Outcome outcome) throws Exception {
        String text = JSON.writerFor(Outcome.class).writeValueAsString(outcome);
        JsonNode tree = JSON.readTree(text);

        assertThat(tree.get("outcome").asText()).isEqualTo(outcome.label());
        assertThat(JSON.readValue(text, Outcome.class)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void json_holds_the_case_and_its_components_only(Outcome outcome) {
        assertThat(JSON.<JsonNode>valueToTree(outcome).size())
                .isEqualTo(1 + outcome.getClass().getRecordComponents().length);
    }

    @Test
    void every_case_is_an_outcome_and_every_label_is_its_own() {
        assertThat(outcomes().map(Outcome::which)).containsExactly(Outcome.Case.values());
        assertThat(outcomes().map(Outcome::label)).doesNotHaveDuplicates().contains("already_present", "offloaded");
    }

    @Test
    void a_success_speaks_of_a_restore_point_and_nothing_else_does() {
        assertThat(outcomes().filter(Outcome::success).map(Outcome::which))
                .containsExactly(
                        Outcome.Case.OFFLOADED,
                        Outcome.Case.SNAPSHOTTED,
                        Outcome.Case.UNCHANGED,
                        Outcome.Case.RESTORED,
                        Outcome.Case.VERIFIED);
    }
}
