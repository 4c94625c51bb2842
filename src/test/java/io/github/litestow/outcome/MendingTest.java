package io.github.litestow.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When a failure is over, as a table: for each kind and operation, the runs after which it is. */
class MendingTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RestorePoint POINT = new RestorePoint("000000000000000c", NOON, Assurance.CONFIRMED);

    /** A run that ended, as the columns of the table name it. */
    private enum Run {
        OFFLOADED(Operation.SNAPSHOT, new Outcome.Offloaded(POINT), true),
        PROVEN(Operation.SNAPSHOT, new Outcome.Snapshotted(POINT, Kept.ASKED), true),
        CONFIRMED(Operation.SNAPSHOT, new Outcome.Snapshotted(POINT, Kept.ASKED), false),
        UNCHANGED(Operation.SNAPSHOT, new Outcome.Unchanged(POINT), false),
        ABSENT(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(), false),
        LOOKED(Operation.SNAPSHOT, new Outcome.NothingToSnapshot(Optional.of(POINT.txid())), false),
        RESTORED(Operation.RESTORE, new Outcome.Restored(POINT, false, Optional.empty()), false),
        PRESENT(Operation.RESTORE, new Outcome.AlreadyPresent(), false),
        EMPTY(Operation.RESTORE, new Outcome.NothingToRestore(Optional.empty(), Optional.empty()), false),
        VERIFIED(Operation.VERIFY, new Outcome.Verified(POINT, true), true),
        REPLICA(Operation.VERIFY, new Outcome.Verified(POINT, false), true),
        SKIPPED(Operation.SNAPSHOT, new Outcome.Skipped("busy"), false);

        private final Operation operation;

        @SuppressWarnings("ImmutableEnumChecker") // its points are records
        private final Outcome outcome;

        private final boolean proven;

        Run(Operation operation, Outcome outcome, boolean proven) {
            this.operation = operation;
            this.outcome = outcome;
            this.proven = proven;
        }
    }

    private static final String SNAPSHOTS = "OFFLOADED PROVEN CONFIRMED";

    @ParameterizedTest
    @CsvSource({
        "SETTINGS, SNAPSHOT, " + SNAPSHOTS + " RESTORED VERIFIED REPLICA",
        "ENGINE_MISSING, SNAPSHOT, " + SNAPSHOTS + " RESTORED VERIFIED REPLICA",
        "ENGINE_MISSING, VERIFY, " + SNAPSHOTS + " RESTORED VERIFIED REPLICA",
        "DISK, RESTORE, " + SNAPSHOTS + " RESTORED VERIFIED REPLICA",
        "ACCESS_DENIED, SNAPSHOT, " + SNAPSHOTS + " VERIFIED",
        "ACCESS_DENIED, RESTORE, " + SNAPSHOTS + " RESTORED EMPTY VERIFIED REPLICA LOOKED",
        "ACCESS_DENIED, VERIFY, " + SNAPSHOTS + " VERIFIED REPLICA",
        "REPLICA_MISSING, SNAPSHOT, " + SNAPSHOTS + " UNCHANGED RESTORED EMPTY VERIFIED REPLICA LOOKED",
        "REPLICA_UNREACHABLE, RESTORE, " + SNAPSHOTS + " UNCHANGED RESTORED EMPTY VERIFIED REPLICA LOOKED",
        "THROTTLED, VERIFY, " + SNAPSHOTS + " UNCHANGED RESTORED EMPTY VERIFIED REPLICA LOOKED",
        "TIMEOUT, SNAPSHOT, " + SNAPSHOTS + " VERIFIED",
        "TIMEOUT, RESTORE, " + SNAPSHOTS + " RESTORED VERIFIED",
        "TIMEOUT, VERIFY, OFFLOADED PROVEN VERIFIED REPLICA",
        "BUSY, SNAPSHOT, " + SNAPSHOTS + " VERIFIED",
        "BUSY, VERIFY, OFFLOADED PROVEN VERIFIED REPLICA",
        "REFUSED, SNAPSHOT, " + SNAPSHOTS + " ABSENT LOOKED RESTORED VERIFIED",
        "REFUSED, RESTORE, " + SNAPSHOTS + " RESTORED VERIFIED",
        "SOURCE_DAMAGED, SNAPSHOT, " + SNAPSHOTS + " ABSENT LOOKED RESTORED VERIFIED",
        "SOURCE_DAMAGED, VERIFY, " + SNAPSHOTS + " ABSENT LOOKED RESTORED VERIFIED REPLICA",
        "PROOF_FAILED, SNAPSHOT, OFFLOADED PROVEN RESTORED VERIFIED REPLICA",
        "PROOF_FAILED, RESTORE, OFFLOADED PROVEN RESTORED VERIFIED REPLICA",
        "PROOF_FAILED, VERIFY, OFFLOADED PROVEN RESTORED VERIFIED REPLICA",
        "INTERNAL, SNAPSHOT, " + SNAPSHOTS,
        "INTERNAL, RESTORE, RESTORED",
        "INTERNAL, VERIFY, VERIFIED REPLICA",
    })
    void a_failure_is_over_when_a_run_shows_that_what_it_reported_is_mended(
            FailureKind kind, Operation operation, String mending) {
        assertThat(mending(kind, operation))
                .isEqualTo(Stream.of(mending.split(" ")).map(Run::valueOf).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void a_skipped_run_and_one_that_left_everything_alone_mend_nothing(FailureKind kind) {
        for (Operation operation : Operation.values()) {
            assertThat(mending(kind, operation)).doesNotContain(Run.SKIPPED, Run.PRESENT);
        }
    }

    @Test
    void each_failure_can_be_mended_by_its_own_operation() {
        for (FailureKind kind : FailureKind.values()) {
            assertThat(mending(kind, Operation.SNAPSHOT)).as(kind.label()).contains(Run.OFFLOADED);
            assertThat(mending(kind, Operation.RESTORE)).as(kind.label()).contains(Run.RESTORED);
            assertThat(mending(kind, Operation.VERIFY)).as(kind.label()).contains(Run.VERIFIED);
        }
    }

    private static Set<Run> mending(FailureKind kind, Operation operation) {
        RunRecord failed = record(operation, new Outcome.Failed(kind, "probe", "cause", "hint"));
        return Stream.of(Run.values())
                .filter(run -> Mending.mends(record(run.operation, run.outcome), run.proven, failed))
                .collect(Collectors.toSet());
    }

    private static RunRecord record(Operation operation, Outcome outcome) {
        return new RunRecord("1", "default", operation, "cron", NOON, NOON, outcome, List.of());
    }
}
