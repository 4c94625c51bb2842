package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HexFormat;

/** What can be said of the files that SQLite keeps beside a database, without SQLite. */
final class SideFiles {
    /** With this begins a journal that is to be rolled back (SQLite, "Database File Format", section 3). */
    private static final byte[] JOURNAL_MAGIC = HexFormat.of().parseHex("d9d505f920a163d7");

    private SideFiles() {}

    /**
     * Returns whether a rollback journal is there that belongs to a transaction under way. One that was
     * finished has no length, or zeros at its start.
     */
    static boolean hotJournal(ConfiguredDatabase database) throws IOException {
        try (InputStream in = Files.newInputStream(database.side("-journal"), LinkOption.NOFOLLOW_LINKS)) {
            return Arrays.equals(in.readNBytes(JOURNAL_MAGIC.length), JOURNAL_MAGIC);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
