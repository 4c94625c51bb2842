package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Inode, size and times of a database, its WAL and its journal: what changes when anything is written. Opens
 * nothing, so it may be asked at any time, and of many thousands. Immutable.
 *
 * @param text the whole, to keep and to compare with
 * @param newest when anything of it was last written, by the file system's clock
 * @param bytes the size of the database and its WAL
 */
public record FileStamp(String text, Instant newest, long bytes) {
    /** File times may be as coarse as this (FAT: 2 s); a younger one can hide a second change. */
    private static final Duration COARSEST = Duration.ofSeconds(2);

    /**
     * Looks at a database.
     *
     * @return empty when there is none, or one without a byte
     * @throws IOException when that cannot be found out
     */
    public static Optional<FileStamp> of(ConfiguredDatabase database) throws IOException {
        Part main = Part.of(database.database());
        if (main.bytes() == 0) {
            return Optional.empty();
        }
        Part wal = Part.of(database.side("-wal"));
        Part journal = Part.of(database.side("-journal"));
        return Optional.of(new FileStamp(
                // Elsewhere nothing is known of what this replica holds.
                database.replica().url() + "|" + database.s3().endpoint().orElse("") + "|" + main.text() + "|"
                        + wal.text() + "|" + journal.text(),
                main.newest().isAfter(wal.newest()) ? main.newest() : wal.newest(),
                main.bytes() + wal.bytes()));
    }

    /** Returns whether its times are old enough that whatever is written from now on must change them. */
    public boolean settled(Instant now) {
        return newest.isBefore(now.minus(COARSEST));
    }

    private record Part(String text, Instant newest, long bytes) {
        private static final Part NOTHING = new Part("", Instant.MIN, 0);

        static Part of(Path file) throws IOException {
            try {
                Map<String, Object> found =
                        Files.readAttributes(file, "unix:ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
                Instant written = ((FileTime) found.get("lastModifiedTime")).toInstant();
                // Nobody can set this one back.
                Instant changed = ((FileTime) found.get("ctime")).toInstant();
                long bytes = (Long) found.get("size");
                return new Part(
                        found.get("ino") + "," + bytes + "," + nanos(written) + "," + nanos(changed),
                        written.isAfter(changed) ? written : changed,
                        bytes);
            } catch (NoSuchFileException e) {
                return NOTHING;
            }
        }

        private static String nanos(Instant time) {
            return time.getEpochSecond() + "." + time.getNano();
        }
    }
}
