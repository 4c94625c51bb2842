package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;

/**
 * What is at a database's path, found out without SQLite.
 *
 * @param state what it is
 * @param bytes its size together with its WAL, 0 when there is none
 * @param mainBytes its size alone
 * @param wal whether its header says write-ahead log
 */
public record LocalFile(State state, long bytes, long mainBytes, boolean wal) {

    /** What a file at a database's path can be. */
    public enum State {
        /** Nothing is there. */
        MISSING,
        /** A file without a byte, as an application's connect makes it. */
        EMPTY,
        /** It starts as an SQLite database does. */
        DATABASE,
        /** It was proven and marked, and its deletion was interrupted: it counts as deleted. */
        MARKED,
        /** Something else. */
        FOREIGN
    }

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Looks at the database's path, through the descriptor of whoever has locks on the file in this process.
     *
     * @throws Failure {@code REFUSED} when the path is a symbolic link or no regular file; {@code
     *     DISK} when it cannot be read
     */
    public static LocalFile look(ConfiguredDatabase database) throws Failure {
        Path file = database.database();
        refuseLinks(database);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new LocalFile(State.MISSING, 0, 0, false);
        }
        try {
            byte[] header = header(file);
            long main = Files.size(file);
            long bytes = main + sizeOf(database.side("-wal"));
            if (header.length == 0) {
                return new LocalFile(State.EMPTY, bytes, main, false);
            }
            if (OffloadMark.marks(header)) {
                return new LocalFile(State.MARKED, bytes, main, false);
            }
            boolean database3 = header.length == OffloadMark.LENGTH
                    && Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
            // Byte 18 is 2 for WAL (SQLite, "Database File Format", section 1.3.3).
            return new LocalFile(database3 ? State.DATABASE : State.FOREIGN, bytes, main, database3 && header[18] == 2);
        } catch (NoSuchFileException e) {
            return new LocalFile(State.MISSING, 0, 0, false);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Returns which files that belong beside this database lie there, whether or not it does. */
    public static List<Path> companions(ConfiguredDatabase database) {
        return List.of(database.side("-wal"), database.side("-shm"), database.side("-journal"), database.engineFolder())
                .stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private static void refuseLinks(ConfiguredDatabase database) throws Failure {
        for (Path path :
                List.of(database.database(), database.side("-wal"), database.side("-shm"), database.side("-journal"))) {
            try {
                // One look: an application that closes the database takes its side files away meanwhile.
                if (Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isRegularFile()) {
                    continue;
                }
            } catch (NoSuchFileException e) {
                continue;
            } catch (IOException e) {
                throw unreadable(path, e);
            }
            throw new Failure(
                    FailureKind.REFUSED,
                    path + " is a symbolic link or not a regular file",
                    "Put the database itself there, or set the folder to where it really lies.");
        }
    }

    static byte[] header(Path file) throws IOException {
        return LiveFile.start(file, OffloadMark.LENGTH);
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    public static Failure unreadable(Path file, IOException e) {
        return new Failure(
                FailureKind.DISK,
                ErrorText.sentence("cannot read " + file, e),
                "Check the owner and mode of the file and its folder, and the disk.",
                e);
    }
}
