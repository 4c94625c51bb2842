package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Counts the room a run needs before it begins, so that it cannot fill the application's disk. */
public final class DiskSpace {
    private static final long MIN_RESERVE = 1L << 20;
    private static final long MAX_RESERVE = 1L << 30;

    private DiskSpace() {}

    /**
     * Makes sure that {@code bytes} are free where the database is, and as much more as is left to others.
     *
     * @throws Failure {@code DISK} when they are not
     */
    public static void require(ConfiguredDatabase database, long bytes) throws Failure {
        require(database.stateFolder(), bytes, "staging and scratch");
    }

    /**
     * Makes sure that {@code bytes} are free in a folder, and as much more as is left to others.
     *
     * @param purpose what they are for, for a person
     * @throws Failure {@code DISK} when they are not
     */
    public static void require(Path folder, long bytes, String purpose) throws Failure {
        long needed = bytes + reserve(bytes);
        long free = free(folder);
        if (free < needed) {
            throw new Failure(
                    FailureKind.DISK,
                    String.format(
                            Locale.ROOT,
                            "too little room at %s: %d bytes needed for %s (%d, and %d left to others), %d free",
                            folder,
                            needed,
                            purpose,
                            bytes,
                            reserve(bytes),
                            free),
                    "Free some space, or move the database to a larger volume.");
        }
    }

    /** Returns whether two folders share their room, as far as can be told. */
    public static boolean sameDisk(Path one, Path other) {
        try {
            return Files.getFileStore(one).equals(Files.getFileStore(other));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns how much is left to others beside something of {@code bytes}: a tenth, within bounds. */
    static long reserve(long bytes) {
        return Math.max(MIN_RESERVE, Math.min(MAX_RESERVE, bytes / 10));
    }

    /** Returns how many bytes are free to this user where a folder is. */
    static long free(Path folder) throws Failure {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new Failure(
                    FailureKind.DISK,
                    ErrorText.sentence("cannot find out the free space at " + folder, e),
                    "Check that the folder's disk is mounted.",
                    e);
        }
    }
}
