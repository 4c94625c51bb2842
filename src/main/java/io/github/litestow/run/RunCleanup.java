package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.StateFolder;

/** What remains to be done however a run ended. */
final class RunCleanup {

    private RunCleanup() {}

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
        try {
            context.database().journal().append(record);
            return record;
        } catch (Failure e) {
            context.warn("the journal could not be written: " + e.getMessage());
            return record.warning(context.warnings());
        }
    }
}
