package io.github.litestow.run;

import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.store.Replica;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Optional;

/** A replica without a restore point: whether that is believed, and what a person is told of it. */
public final class EmptyReplica {
    private static final String HINT =
            "Check REPLICA_URL, to the last letter of its path; before the first snapshot it is as it should be.";

    private EmptyReplica() {}

    /**
     * Believes it only if nothing says that the replica held something.
     *
     * @param state the record here
     * @throws Failure {@code REPLICA_MISSING} when something does
     */
    public static void believe(Replica replica, DatabaseState state) throws Failure {
        Optional<String> newest = (state.newest().isPresent()
                        ? state.newest()
                        : replica.proofs().stream().max(RestorePoint::compareTo))
                .map(RestorePoint::txid);
        // The identity is made after the first confirmed upload, never before.
        if (newest.isPresent() || replica.id().isPresent()) {
            throw new Failure(
                    FailureKind.REPLICA_MISSING,
                    "the replica " + replica.url() + " holds no restore point, and it is known to have held "
                            + newest.orElse("some"),
                    "Check that REPLICA_URL still names the same place and that nobody emptied it. To begin anew"
                            + " there on purpose, run `snapshot --adopt` with the database in its place.");
        }
    }

    /**
     * Returns whether no file of a backup is at the replica.
     *
     * @throws Failure {@code REPLICA_MISSING} when there is none, and it is known to have held some
     */
    public static boolean is(Database database) throws Failure {
        Replica replica = database.replica();
        if (!replica.files().isEmpty() || replica.onlyOldFormat()) {
            return false;
        }
        // What a service learned from the replica and did not write down is all that it knows.
        if (database.journal().written()) {
            database.journal().load();
        }
        believe(replica, database.journal().state());
        return true;
    }

    /**
     * Refuses to look there for a certain point: whatever is asked for, the place is the first thing to check.
     *
     * @throws Failure {@code REFUSED} where {@link #is}, or as that does
     */
    public static void refuse(Database database) throws Failure {
        if (is(database)) {
            throw new Failure(FailureKind.REFUSED, nothing(database), HINT);
        }
    }

    /** Returns where nothing was found, and what to look at. */
    public static String words(Database database) {
        return nothing(database) + ". " + HINT;
    }

    private static String nothing(Database database) {
        boolean noFolder = database.settings()
                .replica()
                .folder()
                .filter(folder -> Files.notExists(folder, LinkOption.NOFOLLOW_LINKS))
                .isPresent();
        return "nothing of a backup is at " + database.replica().url() + (noFolder ? ", there is no such folder" : "");
    }
}
