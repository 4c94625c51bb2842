package io.github.litestow.run.snapshot;

import io.github.litestow.engine.EngineFailures;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Mending;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.Database;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.store.Replica;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot that finds no database. One that is offloaded is looked for at its replica, and proven again when
 * that is due: its only copy must neither go nor rot unseen. And where nothing was ever backed up, or the file is gone
 * without us, that is said, slot after slot.
 */
final class AbsentDatabase {
    private final RunContext context;
    private final Litestream litestream;
    private final Clock clock;
    private final Database database;

    AbsentDatabase(RunContext context, Litestream litestream, Clock clock) {
        this.context = context;
        this.litestream = litestream;
        this.clock = clock;
        this.database = context.database();
    }

    /**
     * Does what there is to do.
     *
     * @throws Failure {@code SETTINGS} when there is nothing, here or at the replica, and there must be
     */
    Outcome outcome() throws Failure {
        if (database.journal().state().offloaded()) {
            return offloaded();
        }
        if (database.nothingYet() && replicaIsEmpty()) {
            Failure nothing = database.nothingIsBackedUp();
            if (database.settings().snapshot().required()) {
                throw nothing;
            }
            context.warn(nothing.getMessage() + ". " + nothing.hint());
        }
        if (database.journal().state().expectedHere()) {
            context.warn(database.settings().database() + " is gone, and no run deleted it: `restore` brings it back as"
                    + " the replica has it");
        }
        return new Outcome.NothingToSnapshot();
    }

    /** The only copy is looked at each time, and proven when that is due or a look is not enough. */
    private Outcome offloaded() throws Failure {
        DatabaseState state = database.journal().state();
        if (!QuietCheck.offloadedProofIsDue(database.settings(), state, clock.instant())) {
            context.at(Step.PROBE);
            Optional<String> end = ReplicaLook.endAsKnown(database, context::replicaId);
            if (end.isPresent()) {
                Outcome seen = new Outcome.NothingToSnapshot(end);
                if (!wantsProof(state, seen)) {
                    return seen;
                }
            }
        }
        return proven();
    }

    /** Downloads all of it, but not the same files again and again that did not restore. */
    private Outcome proven() throws Failure {
        context.at(Step.PROBE);
        List<ReplicaFile> files = database.replica().files();
        Optional<Failure> known =
                database.refutation().by(files, database.journal().state().provenAt(), clock.instant());
        if (known.isPresent()) {
            throw known.get();
        }
        try {
            return new VerificationRun(context, litestream, clock).ofReplicaAlone();
        } catch (Failure e) {
            if (e.kind() == FailureKind.PROOF_FAILED && !EngineFailures.notBelieved(e)) {
                database.refutation().found(files, e, clock.instant());
            }
            throw e;
        }
    }

    /** Whether something failed that only a restore shows to be mended; not for what was asked for by a command alone. */
    private static boolean wantsProof(DatabaseState state, Outcome seen) {
        Optional<RestorePoint> newest = state.newest();
        return newest.isPresent()
                && state.lastFailure().values().stream()
                        .filter(failed -> failed.operation() == Operation.SNAPSHOT
                                || failed.result().failure().orElseThrow().kind() == FailureKind.PROOF_FAILED)
                        .anyMatch(failed -> Mending.wouldMend(new Outcome.Verified(newest.get(), false), failed)
                                && !Mending.wouldMend(seen, failed));
    }

    /** A machine of which the record is gone learns what the replica's own says. */
    private boolean replicaIsEmpty() throws Failure {
        context.at(Step.PROBE);
        Replica replica = database.replica();
        replica.probeReading();
        database.learn();
        return database.nothingYet() && replica.head().isEmpty() && !replica.onlyOldFormat();
    }
}
