package io.github.litestow.run.snapshot;

import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Mending;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunTime;
import java.time.Instant;

/** What a snapshot of a database that is here owes though nothing may have changed: a proof, or a whole run. */
final class OwedWork {
    private final Database database;
    private final SnapshotRequest request;
    private final RunTime time;

    OwedWork(Database database, SnapshotRequest request, RunTime time) {
        this.database = database;
        this.request = request;
        this.time = time;
    }

    /** Returns whether no proof is due: there was one within {@code verify.every}, and nothing refuted it since. */
    boolean provenLately() {
        DatabaseState state = state();
        if (request.mark().isPresent()
                && state.newest().filter(RestorePoint::proven).isEmpty()) {
            // What somebody wants to be able to go back to is proven when it is made.
            return false;
        }
        Instant now = time.now();
        return !refuted()
                && state.provenAt()
                        .filter(proven ->
                                RunTime.lately(proven, database.settings().verifyEvery(), now))
                        .isPresent();
    }

    /** Returns whether a proof failed, which nothing less than a proof ends. */
    boolean refuted() {
        return state().lastFailure().values().stream()
                .anyMatch(run -> run.result().failure().orElseThrow().kind() == FailureKind.PROOF_FAILED);
    }

    /** Returns whether something failed before that only a whole run shows to be mended. */
    boolean moreThanALook(RestorePoint newest) {
        Outcome whole = new Outcome.Snapshotted(newest, Kept.ASKED);
        Outcome look = new Outcome.Unchanged(newest);
        return state().lastFailure().values().stream()
                .anyMatch(failed -> Mending.wouldMend(whole, failed) && !Mending.wouldMend(look, failed));
    }

    private DatabaseState state() {
        return database.journal().state();
    }
}
