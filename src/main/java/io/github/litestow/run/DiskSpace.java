package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;

/** Counts the room a run needs before it begins, so that it cannot fill the application's disk. */
public final class DiskSpace {

    private DiskSpace() {}

    /**
     * Makes sure that {@code bytes} and a tenth more are free where the database is.
     *
     * @throws Failure {@code DISK} when they are not
     */
    public static void require(ConfiguredDatabase database, long bytes) throws Failure {
        long needed = bytes + bytes / 10;
        long free;
        try {
            free = Files.getFileStore(database.stateFolder()).getUsableSpace();
        } catch (IOException e) {
            throw new Failure(
                    FailureKind.DISK,
                    ErrorText.sentence("cannot find out the free space at " + database.stateFolder(), e),
                    "Check that the folder's disk is mounted.",
                    e);
        }
        if (free < needed) {
            throw new Failure(
                    FailureKind.DISK,
                    "too little room at " + database.stateFolder() + ": " + needed
                            + " bytes needed for staging and scratch, " + free + " free",
                    "Free some space, or move the database to a larger volume.");
        }
    }
}
