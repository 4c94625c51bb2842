package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseStateTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static RestorePoint point(int txid, Assurance assurance) {
        return new RestorePoint(String.format("%016x", txid), NOON.plusSeconds(txid), assurance);
    }

    private static DatabaseState.Draft provenUpTo(int txid) {
        return new DatabaseState.Draft(DatabaseState.unknown())
                .point(point(txid, Assurance.PROVEN))
                .provenAt(NOON);
    }

    @Test
    void when_the_only_proven_point_is_lost_the_next_proof_is_due_at_once() {
        DatabaseState standing =
                provenUpTo(7).headAccepted(point(5, Assurance.CONFIRMED)).state();

        assertThat(standing.newestProven()).isEmpty();
        assertThat(standing.provenAt()).isEmpty();
    }

    @Test
    void a_proof_that_is_not_lost_keeps_its_time() {
        DatabaseState standing =
                provenUpTo(5).headAccepted(point(7, Assurance.CONFIRMED)).state();

        assertThat(standing.newestProven()).contains(point(5, Assurance.PROVEN));
        assertThat(standing.provenAt()).contains(NOON);
    }
}
