package io.github.litestow.run.snapshot;

import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.Database;
import io.github.litestow.store.ReplicaContents;
import java.util.List;
import java.util.Optional;

/**
 * A look at where a replica ends, and at which one it is: by names, in one listing, and one object. Says whether that
 * is what the record here says; why it is not, and whether it is well all the same, a run finds out.
 */
final class ReplicaLook {

    private ReplicaLook() {}

    /** Reads which replica it is, if it says so. */
    interface Identity {
        /** Returns it. */
        Optional<String> read() throws Failure;
    }

    /**
     * Returns where the replica of an offloaded database ends, if it is the one that the record speaks of and ends
     * where that says or later, with all that leads there.
     */
    static Optional<String> endAsKnown(Database database, Identity identity) throws Failure {
        DatabaseState state = database.journal().state();
        List<ReplicaFile> files = database.replica().files();
        Optional<String> end = ReplicaFile.end(files).filter(txid -> ReplicaContents.leadTo(files, txid));
        Optional<String> known = state.newest().map(RestorePoint::txid);
        boolean asKnown = end.isPresent()
                && known.filter(txid -> txid.compareTo(end.get()) > 0).isEmpty();
        return asKnown && !LineageCheck.areDifferent(state.replicaId(), identity.read()) ? end : Optional.empty();
    }

    /** Returns whether the replica is another one than the record says, or ends elsewhere. */
    static boolean contradicts(Database database) throws Failure {
        DatabaseState state = database.journal().state();
        // A run that ended meanwhile has looked by itself.
        return isNot(database, state) && database.journal().state().newest().equals(state.newest());
    }

    private static boolean isNot(Database database, DatabaseState state) throws Failure {
        if (state.offloaded()) {
            return database.missing()
                    && endAsKnown(database, database.replica()::id).isEmpty();
        }
        Optional<String> head = state.lineage().flatMap(Lineage::head);
        return !database.missing()
                && head.isPresent()
                && (!database.replica().head().equals(head)
                        || LineageCheck.areDifferent(
                                state.replicaId(), database.replica().id()));
    }
}
