package io.github.litestow.run;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.StateFolder;

/** What remains to be done however a run ended. */
final class RunEnd {

    private RunEnd() {}

    /** Scratch away, proofs into the replica's record. */
    static void settle(RunScope scope) {
        Database database = scope.database();
        try {
            StateFolder.sweepScratch(database.settings());
        } catch (Failure e) {
            scope.warn(e.getMessage());
        }
        try {
            var unrecorded = database.journal().standing().unrecorded();
            if (!unrecorded.isEmpty() && scope.revoked().isEmpty()) {
                database.replica().record(unrecorded);
                database.journal().change(draft -> draft.recorded());
            }
        } catch (Failure e) {
            // The proof itself stands in the journal; the next run writes it to the replica.
            scope.warn("the replica's own record could not be written yet: " + e.getMessage());
        }
    }

    /** Writes the record down, with what could not be written as a warning. */
    static RunRecord keep(RunScope scope, RunRecord record) {
        try {
            scope.database().journal().append(record);
            return record;
        } catch (Failure e) {
            scope.warn("the journal could not be written: " + e.getMessage());
            return record.warning(scope.warnings());
        }
    }
}
