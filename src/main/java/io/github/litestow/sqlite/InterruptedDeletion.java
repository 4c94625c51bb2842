package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;

/** Finishes a deletion that was interrupted after the database had been marked. */
public final class InterruptedDeletion {

    private InterruptedDeletion() {}

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
        try {
            StateFolder.deleteTree(database.engineFolder());
            Files.deleteIfExists(database.side("-shm"));
            Files.deleteIfExists(database.side("-journal"));
            Files.deleteIfExists(database.side("-wal"));
            Files.delete(database.database());
        } catch (IOException e) {
            throw Failure.disk("cannot finish deleting " + database.database(), e);
        }
    }
}
