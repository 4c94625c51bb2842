package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * What changes whenever a transaction is committed: inode, size, modification time (ns) and header
 * of the database and of its WAL. In WAL mode equal fingerprints mean that nothing was committed in
 * between, if the first of them was {@link #walSettled}; a commit writes the WAL before all else.
 *
 * @param database inode, size, time and header of the main file
 * @param wal the same of the WAL, empty when there is none or it is empty
 * @param walTime the WAL's modification time, the far future when there is none
 */
public record Fingerprint(String database, String wal, Instant walTime) {

    /** File times may be as coarse as this (FAT: 2 s); a younger one can hide a second change. */
    private static final Duration COARSEST = Duration.ofSeconds(2);

    private static final int WAL_HEADER = 32;

    /**
     * Takes the fingerprint. Opens and closes the files, so never while a seal or another connection
     * of this process is on them.
     */
    public static Fingerprint take(ConfiguredDatabase settings) throws Failure {
        Path file = settings.database();
        Path wal = settings.side("-wal");
        try {
            boolean hasWal = Files.exists(wal, LinkOption.NOFOLLOW_LINKS) && Files.size(wal) > 0;
            Instant walTime = hasWal
                    ? Files.getLastModifiedTime(wal, LinkOption.NOFOLLOW_LINKS).toInstant()
                    : Instant.MAX;
            return new Fingerprint(
                    describe(file, OffloadMark.LENGTH), hasWal ? describe(wal, WAL_HEADER) : "", walTime);
        } catch (NoSuchFileException e) {
            return new Fingerprint("", "", Instant.MAX);
        } catch (IOException e) {
            throw LocalFile.unreadable(file, e);
        }
    }

    /**
     * Returns inode, size and time of the database and its WAL without opening either: what may be
     * asked while a connection of this process is on them.
     */
    static String stamps(ConfiguredDatabase settings) throws IOException {
        Path wal = settings.side("-wal");
        boolean hasWal = Files.exists(wal, LinkOption.NOFOLLOW_LINKS) && Files.size(wal) > 0;
        return stamp(settings.database()) + "|" + (hasWal ? stamp(wal) : "");
    }

    /** Returns the {@link #stamps} part of what {@link #text} told. */
    static String stampsOf(String text) {
        return text.replaceAll(",[0-9a-f]*(?=\\||$)", "");
    }

    /** Returns the fingerprint that this file will have under the database's name, with no WAL. */
    static Fingerprint alone(Path file) throws IOException {
        return new Fingerprint(describe(file, OffloadMark.LENGTH), "", Instant.MAX);
    }

    /** Returns whether the WAL's time is old enough that a commit from now on must change it. */
    public boolean walSettled(Instant now) {
        return walTime.isBefore(now.minus(COARSEST));
    }

    /**
     * Returns whether both have the same WAL, not empty: then nothing was committed between them,
     * although the engine may have checkpointed, which writes the main file.
     */
    public boolean sameWal(Fingerprint other) {
        return !wal.isEmpty() && wal.equals(other.wal);
    }

    /** Returns the whole as a text to keep and to compare with. */
    public String text() {
        return database + "|" + wal;
    }

    private static String describe(Path file, int headerLength) throws IOException {
        return stamp(file) + "," + HexFormat.of().formatHex(LiveFile.start(file, headerLength));
    }

    private static String stamp(Path file) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(file, "unix:ino,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        FileTime time = (FileTime) attributes.get("lastModifiedTime");
        return attributes.get("ino") + "," + attributes.get("size") + "," + time.toInstant();
    }
}
