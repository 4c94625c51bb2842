package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.StateFolder;
import java.time.Instant;
import java.util.Optional;

/** What remains to be done however a run ended. */
final class RunCleanup {

    private RunCleanup() {}

    /** Returns whether the run ended with no local database. */
    static boolean onlyAtTheReplica(Outcome outcome) {
        return outcome.which() == Outcome.Case.OFFLOADED
                || (outcome.which() == Outcome.Case.VERIFIED && !outcome.agreed());
    }

    /** Scratch away, proofs into the replica's record. */
    static void settle(RunContext context) {
        Database database = context.database();
        try {
            StateFolder.sweepScratch(database.settings());
        } catch (Failure e) {
            context.warn(e.getMessage());
        }
        try {
            var unrecorded = database.journal().state().unrecorded();
            if (!unrecorded.isEmpty() && context.revoked().isEmpty()) {
                database.replica().record(unrecorded);
                database.journal().change(change -> change.allRecorded());
            }
            if (context.revoked().isEmpty()
                    && database.journal().state().unrecorded().isEmpty()) {
                database.lease().recorded();
            }
        } catch (Failure e) {
            // The proof itself is in the journal; the next run writes it to the replica.
            context.warn("the replica's own record could not be written yet: " + e.getMessage());
        }
    }

    /** Writes the record down, with what could not be written as a warning. */
    static RunRecord keep(RunContext context, RunRecord record) {
        context.database().ended(record.result().which());
        try {
            // First: what a full disk does not take is remembered, and the rest would end before it.
            context.database().journal().append(record);
            see(context.database(), record.started());
            return record;
        } catch (Failure e) {
            context.warn("the journal could not be written: " + e.getMessage());
            return record.warning(context.warnings());
        }
    }

    /** Since when there is something to back up: that is the age of what never was. */
    private static void see(Database database, Instant now) throws Failure {
        boolean there = !database.missing();
        if (there != database.journal().state().firstSeen().isPresent()) {
            Optional<Instant> seen = there ? Optional.of(now) : Optional.empty();
            database.journal().change(change -> change.seen(seen));
        }
    }
}
