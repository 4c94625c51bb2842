package io.github.litestow.run.snapshot;

import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.Database;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.store.Replica;
import java.time.Clock;
import java.util.Optional;

/**
 * A snapshot that finds no database. One that is offloaded is proven again when that is due: its only
 * copy must not rot unseen. And where nothing was ever backed up, that is said, slot after slot.
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
            boolean due = QuietCheck.offloadedProofIsDue(
                    database.settings(), database.journal().state(), clock.instant());
            return due || !(context.serving() || replicaEndsAsKnown())
                    ? new VerificationRun(context, litestream, clock).ofReplicaAlone()
                    : new Outcome.NothingToSnapshot();
        }
        if (database.nothingYet() && replicaIsEmpty()) {
            Failure nothing = database.nothingIsBackedUp();
            if (database.settings().snapshot().required()) {
                throw nothing;
            }
            context.warn(nothing.getMessage() + ". " + nothing.hint());
        }
        if (database.journal().state().everAgreed()) {
            context.warn(database.settings().database() + " is gone, and no run deleted it: `restore` brings it back as"
                    + " the replica has it");
        }
        return new Outcome.NothingToSnapshot();
    }

    /**
     * Returns whether the only copy is where the record says. A service has its proofs for that; a job that
     * begins with a command each time would be done, slot after slot, beside a replica that was emptied or is
     * another one.
     */
    private boolean replicaEndsAsKnown() throws Failure {
        context.at(Step.PROBE);
        database.replica().probeReading();
        Optional<String> head = database.replica().head();
        Optional<String> known = database.journal().state().newest().map(RestorePoint::txid);
        return head.isPresent()
                && !LineageCheck.isAnother(context)
                && known.filter(txid -> txid.compareTo(head.get()) > 0).isEmpty();
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
