package io.github.litestow.run;

import io.github.litestow.engine.OrphanReaper;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.LocalDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.FileNames;
import io.github.litestow.sqlite.InterruptedDeletion;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.sqlite.SqliteLibrary;
import io.github.litestow.sqlite.StateFolder;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What every run does first: end an engine that outlived its service, clear scratch, finish a
 * deletion that was interrupted, and write down what is now known of the local database. Needs no hand
 * work and never touches an unmarked database. What is known is decided by {@link LocalDatabase#after}.
 */
public final class CrashRecovery {

    private static final Logger LOG = Logger.getLogger(CrashRecovery.class);

    private CrashRecovery() {}

    /**
     * Brings the folder into a state that a run can begin with.
     *
     * @return what is at the database's path afterwards
     */
    public static LocalFile run(Database database) throws Failure {
        OrphanReaper.reap(database.settings().stateFolder());
        SqliteLibrary.load(database.settings().stateFolder());
        InterruptedDeletion.settleAside(database.settings())
                .ifPresent(folder -> LOG.warnf(
                        "%s: a file that was put in the database's place while that was deleted, and lost its name"
                                + " to another, is in %s",
                        database.name(), folder));
        Journal journal = database.journal();
        Optional<String> fileId =
                RestoredFileInstaller.fileId(database.settings().database());
        LocalDatabase left = journal.state().local();
        if (!left.equals(left.restoreDecided(fileId))) {
            // Before scratch is swept: as long as a restored file is there, no other can get its number.
            journal.change(change -> change.restoreDecided(fileId));
        }
        StateFolder.sweepScratch(database.settings());
        LocalFile found = LocalFile.look(database.settings());
        FileNames.refuseTwoDatabases(database.settings());
        boolean marked = found.state() == LocalFile.State.MARKED;
        if (marked) {
            InterruptedDeletion.delete(database.settings());
        }
        LocalDatabase known = journal.state().local();
        if (known instanceof LocalDatabase.Deleting && found.state() == LocalFile.State.MISSING) {
            // Cut off between the database and what the engine kept of it.
            StateFolder.delete(database.settings().engineFolder());
        }
        if (!known.equals(known.after(found.state(), fileId))) {
            journal.change(change -> change.recovered(found.state(), fileId));
        }
        return marked ? LocalFile.look(database.settings()) : found;
    }
}
