package io.github.litestow.run;

import io.github.litestow.engine.OrphanReaper;
import io.github.litestow.journal.PendingInstall;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.InterruptedDeletion;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.sqlite.StateFolder;
import java.util.Optional;

/**
 * What every run does first: end an engine that outlived its service, clear scratch, and finish a
 * deletion that was interrupted. Needs no hand work and never touches an unmarked database.
 */
public final class CrashRecovery {

    private CrashRecovery() {}

    /**
     * Brings the folder into a state that a run can begin with.
     *
     * @return what lies at the database's path afterwards
     */
    public static LocalFile run(Database database) throws Failure {
        OrphanReaper.reap(database.settings().stateFolder());
        finishPlacing(database);
        StateFolder.sweepScratch(database.settings());
        LocalFile local = LocalFile.look(database.settings());
        boolean intended = database.journal().state().offloading().isPresent();
        switch (local.state()) {
            case MARKED -> {
                // The mark is written after the proof and the intent: it says "deleted" by itself.
                InterruptedDeletion.delete(database.settings());
                database.journal().change(draft -> draft.offloaded());
                return LocalFile.look(database.settings());
            }
            case MISSING -> {
                if (intended) {
                    database.journal().change(draft -> draft.offloaded());
                } else if (database.journal().state().lineage().isPresent()) {
                    database.journal().change(draft -> draft.lineageEnds());
                }
            }
            case EMPTY -> {
                if (intended) {
                    // Deleted on proof, and an application's connect made a new file without a byte.
                    database.journal().change(draft -> draft.offloaded());
                }
            }
            default -> {
                if (intended) {
                    database.journal().change(draft -> draft.notOffloading());
                }
            }
        }
        return local;
    }

    /** Before scratch is swept: as long as the restored file lies there, no other can get its number. */
    private static void finishPlacing(Database database) throws Failure {
        Optional<PendingInstall> placing = database.journal().state().placing();
        if (placing.isPresent()) {
            boolean there = placing.get()
                    .file()
                    .equals(RestoredFileInstaller.identity(database.settings().database()));
            database.journal().change(draft -> draft.placed(there));
        }
    }
}
