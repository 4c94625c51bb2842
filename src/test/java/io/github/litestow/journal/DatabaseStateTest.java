package io.github.litestow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.LocalFile;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseStateTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Lineage LINEAGE =
            new Lineage(Optional.of("replica"), Optional.of("0000000000000005"), 4096, Optional.empty());

    private static RestorePoint point(int txid, Assurance assurance) {
        return new RestorePoint(String.format("%016x", txid), NOON.plusSeconds(txid), assurance);
    }

    private static StateChange provenUpTo(int txid) {
        return new StateChange(DatabaseState.unknown())
                .made(point(txid, Assurance.PROVEN))
                .provenAt(NOON);
    }

    @Test
    void when_the_only_proven_point_is_lost_the_next_proof_is_due_at_once() {
        DatabaseState state =
                provenUpTo(7).headAccepted(point(5, Assurance.CONFIRMED)).state();

        assertThat(state.newestProven()).isEmpty();
        assertThat(state.provenAt()).isEmpty();
    }

    @Test
    void a_proof_that_is_not_lost_keeps_its_time() {
        DatabaseState state =
                provenUpTo(5).headAccepted(point(7, Assurance.CONFIRMED)).state();

        assertThat(state.newestProven()).contains(point(5, Assurance.PROVEN));
        assertThat(state.provenAt()).contains(NOON);
    }

    @Test
    void the_head_of_a_restore_is_accepted_once_its_file_is_in_place_and_not_before() {
        RestorePoint head = point(5, Assurance.CONFIRMED);
        DatabaseState restoring =
                provenUpTo(7).restoring("dev=1,ino=2", LINEAGE, head).state();

        DatabaseState elsewhere = new StateChange(restoring)
                .recovered(LocalFile.State.MISSING, Optional.empty())
                .state();
        DatabaseState inPlace = new StateChange(restoring)
                .recovered(LocalFile.State.DATABASE, Optional.of("dev=1,ino=2"))
                .state();

        assertThat(elsewhere.newest()).contains(point(7, Assurance.PROVEN));
        assertThat(elsewhere.lineage()).isEmpty();
        assertThat(inPlace.newest()).contains(head);
        assertThat(inPlace.lineage()).contains(LINEAGE);
    }

    @Test
    void while_something_is_under_way_what_was_known_before_still_counts() {
        StateChange descends = new StateChange(DatabaseState.unknown()).descends(LINEAGE);

        assertThat(descends.deleting("0000000000000005", Optional.empty())
                        .state()
                        .lineage())
                .contains(LINEAGE);
        assertThat(new StateChange(DatabaseState.unknown())
                        .offloaded()
                        .restoring("dev=1,ino=2", LINEAGE, point(5, Assurance.CONFIRMED))
                        .state()
                        .offloaded())
                .isTrue();
    }
}
