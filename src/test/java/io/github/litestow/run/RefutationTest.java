package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What did not restore is believed not to restore only as long as nothing says otherwise. */
class RefutationTest {
    private static final Instant FOUND = Instant.parse("2026-12-01T10:00:00Z");
    private static final Instant SOON = FOUND.plus(Duration.ofMinutes(59));
    private static final String TXID = "0000000000000001";
    private static final List<ReplicaFile> FILES = List.of(new ReplicaFile(0, TXID, TXID, 1, FOUND));

    private final Refutation refutation = new Refutation();

    @BeforeEach
    void aRestoreThatFailed() {
        refutation.found(FILES, new Failure(FailureKind.PROOF_FAILED, "damaged", "Mend it."), FOUND);
    }

    @Test
    void the_same_files_fail_for_an_hour_in_the_same_words_and_when() {
        assertThat(refutation.by(FILES, Optional.of(FOUND.minusSeconds(1)), SOON))
                .hasValueSatisfying(
                        failure -> assertThat(failure).hasMessageContainingAll("damaged", FOUND.toString()));
        assertThat(refutation.by(FILES, Optional.empty(), FOUND.plus(Duration.ofHours(1))))
                .isEmpty();
    }

    @Test
    void other_files_may_restore() {
        List<ReplicaFile> touched = List.of(new ReplicaFile(0, TXID, TXID, 1, FOUND.plusSeconds(1)));
        assertThat(refutation.by(touched, Optional.empty(), SOON)).isEmpty();
        assertThat(refutation.by(List.of(), Optional.empty(), SOON)).isEmpty();
    }

    @Test
    void a_proof_since_then_ends_it_whoever_made_it() {
        assertThat(refutation.by(FILES, Optional.of(FOUND.plusSeconds(1)), SOON))
                .isEmpty();
        refutation.over();
        assertThat(refutation.by(FILES, Optional.empty(), SOON)).isEmpty();
    }

    @Test
    void a_clock_that_was_set_back_ends_it() {
        assertThat(refutation.by(FILES, Optional.empty(), FOUND.minus(Duration.ofHours(1))))
                .isEmpty();
    }
}
