package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Ends a deletion that was interrupted: what carries the mark goes, what does not is put back. */
public final class InterruptedDeletion {

    private InterruptedDeletion() {}

    /**
     * Settles what was moved aside to be deleted, if there is something. Without the mark it is a file
     * that was put in the database's place just then: it gets its name back, or goes to quarantine
     * when the name is taken.
     *
     * @return the folder in quarantine, if it went there
     * @throws Failure {@code DISK}
     */
    public static Optional<Path> settleAside(ConfiguredDatabase database) throws Failure {
        Path aside = InodeDeletion.aside(database);
        if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            if (OffloadMark.marks(LocalFile.header(aside))) {
                Files.delete(aside);
                return Optional.empty();
            }
            return putBack(database, aside);
        } catch (IOException e) {
            throw Failure.disk("cannot settle the interrupted deletion of " + aside, e);
        }
    }

    private static Optional<Path> putBack(ConfiguredDatabase database, Path aside) throws IOException, Failure {
        try {
            FilePlacement.move(aside, database.database());
            return Optional.empty();
        } catch (FileAlreadyExistsException e) {
            return Optional.of(Quarantine.keep(database, aside));
        }
    }

    /**
     * Deletes a marked database and what belongs to it.
     *
     * @throws Failure {@code REFUSED} when the file is not marked; {@code DISK} when it cannot be
     *     deleted
     */
    public static void delete(ConfiguredDatabase database) throws Failure {
        if (LocalFile.look(database).state() != LocalFile.State.MARKED) {
            throw new Failure(
                    FailureKind.REFUSED,
                    database.database() + " carries no mark of a proven deletion",
                    "This is a defect of Litestow; nothing was deleted. Please report it.");
        }
        StateFolder.ensure(database);
        try {
            Files.deleteIfExists(database.side("-shm"));
            Files.deleteIfExists(database.side("-journal"));
            Files.deleteIfExists(database.side("-wal"));
            // Looked at once more under our own name, where nobody can put another in its place.
            Files.move(database.database(), InodeDeletion.aside(database), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failure.disk("cannot finish deleting " + database.database(), e);
        }
        settleAside(database);
        StateFolder.delete(database.engineFolder());
    }

    /** Puts back what was moved aside, and says that another process was there. */
    static Failure replaced(ConfiguredDatabase database, Exception cause) throws Failure {
        String kept = settleAside(database)
                .map(folder -> "; the file that was there for a moment is in " + folder)
                .orElse("");
        return new Failure(
                FailureKind.BUSY,
                "another process put a file beside or in place of " + database.database()
                        + ", wrote into it or gave it a second name during the seal" + kept,
                "Nothing was deleted; the next run tries again.",
                cause);
    }
}
