package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.engine.EngineFailures.Context;
import io.github.litestow.engine.EngineFailures.Operation;
import io.github.litestow.engine.EngineRun.Ending;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineAnswersTest {
    private static final Context CONTEXT = new Context(
            Operation.LISTING,
            Given.fileReplica(Path.of("/data"), Path.of("/backup")),
            Optional.empty(),
            false,
            Set.of("hidden"));

    @Test
    void a_listing_becomes_files() throws Failure {
        String answer = """
                [{"level": 9, "min_txid": "0000000000000001", "max_txid": "00000000000000ff",
                  "size": 566, "timestamp": "2026-11-21T09:28:45Z"}]
                """;
        assertThat(EngineAnswers.listing(CONTEXT, run(answer)))
                .containsExactly(new ReplicaFile(
                        9, "0000000000000001", "00000000000000ff", 566, Instant.parse("2026-11-21T09:28:45Z")));
    }

    @Test
    void an_empty_replica_is_an_empty_list() throws Failure {
        assertThat(EngineAnswers.listing(CONTEXT, run("[]\n"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hidden <html>",
                "{}",
                "null",
                "[] []",
                "[1]",
                "[{\"level\":0}]",
                "[{\"level\":0,\"min_txid\":\"1\",\"max_txid\":\"2\",\"size\":1,\"timestamp\":\"2026-11-21T09:28:45Z\"}]",
                "[{\"level\":0,\"min_txid\":\"0000000000000001\",\"max_txid\":\"0000000000000001\",\"size\":1,"
                        + "\"timestamp\":\"yesterday\"}]"
            })
    void what_is_not_a_listing_is_named_and_masked(String answer) {
        Failure failure = catchThrowableOfType(Failure.class, () -> EngineAnswers.listing(CONTEXT, run(answer)));
        assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failure).hasMessageNotContaining("hidden");
    }

    @Test
    void an_answer_that_was_cut_is_not_believed() {
        EngineRun cut = new EngineRun(Ending.EXITED, 0, "[]", "", false);
        assertThat(catchThrowableOfType(Failure.class, () -> EngineAnswers.listing(CONTEXT, cut)))
                .hasMessageContaining("more than can be read");
    }

    @Test
    void a_restore_of_an_old_replica_names_no_transaction() throws Failure {
        assertThat(EngineAnswers.restoredTxid(CONTEXT, run("{\"db_path\":\"/o\",\"txid\":\"\"}")))
                .isEmpty();
    }

    private static EngineRun run(String output) {
        return new EngineRun(Ending.EXITED, 0, output, "", true);
    }
}
