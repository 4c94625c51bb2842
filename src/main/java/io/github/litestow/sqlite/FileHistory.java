package io.github.litestow.sqlite;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * What tells a database that was worked on from an older copy that was put in its place: which file it
 * is, and numbers in it that only go up, whatever is done to it through SQLite ({@code VACUUM},
 * migrations, checkpoints, a change of the journal mode and restarts included). None of them says when
 * something was written, so equal numbers prove nothing; a number that went down does.
 *
 * @param file the file's inode
 * @param folder the inode of the state folder: when that changed too, everything was moved to another
 *     volume, and the file's says nothing
 * @param engineCount how often the engine (litestream 0.5) counted in {@code _litestream_seq}: at each
 *     run that found the WAL started anew or gone
 * @param schemaVersion SQLite's schema cookie
 * @param changeCounter SQLite's file change counter, as it is in the main file
 * @param pages the size in pages; empty for a database that shrinks by itself ({@code auto_vacuum})
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record FileHistory(
        String file, String folder, long engineCount, long schemaVersion, long changeCounter, Optional<Long> pages) {

    private static final int CHANGE_COUNTER = 24;

    /**
     * Looks at a database that the engine knows. Opens and closes the files, so while a seal or another connection
     * of this process is on them only if that holds a {@link LiveFile}.
     *
     * @param busy how long to wait for a lock
     * @throws Failure {@code BUSY} when it is locked; {@code DISK} when it cannot be read
     */
    public static FileHistory of(ConfiguredDatabase database, Duration busy) throws Failure {
        Path path = database.database();
        try {
            // Before the connection is there, whose locks it would drop.
            ByteBuffer header = ByteBuffer.wrap(LiveFile.start(path, OffloadMark.LENGTH));
            return of(database, header, busy);
        } catch (IOException e) {
            throw LocalFile.unreadable(path, e);
        }
    }

    private static FileHistory of(ConfiguredDatabase database, ByteBuffer header, Duration busy)
            throws IOException, Failure {
        Path path = database.database();
        try (Connection connection = Connections.readOnly(path, busy)) {
            Connections.execute(connection, "BEGIN");
            long count = number(connection, "SELECT coalesce(max(seq), 0) FROM _litestream_seq");
            boolean shrinks = number(connection, "PRAGMA auto_vacuum") != 0;
            long pages = number(connection, "PRAGMA page_count");
            return new FileHistory(
                    inode(path),
                    inode(database.stateFolder()),
                    count,
                    number(connection, "PRAGMA schema_version"),
                    header.limit() < OffloadMark.LENGTH ? 0 : Integer.toUnsignedLong(header.getInt(CHANGE_COUNTER)),
                    shrinks ? Optional.empty() : Optional.of(pages));
        } catch (SQLException e) {
            throw DatabaseCheck.classify(path, e);
        }
    }

    /**
     * Returns why {@code now} is not a later state of the file that this was taken of, in words for a
     * person; empty when nothing says so.
     */
    public Optional<String> deniedBy(FileHistory now) {
        if (folder.equals(now.folder) && !file.equals(now.file)) {
            return Optional.of("another file was put in its place");
        }
        return wentDown("litestream's count in it", engineCount, now.engineCount)
                .or(() -> wentDown("its schema version", schemaVersion, now.schemaVersion))
                .or(() -> wentDown("its change counter", changeCounter, now.changeCounter))
                .or(() -> schemaVersion == now.schemaVersion && pages.isPresent() && now.pages.isPresent()
                        ? wentDown("its number of pages", pages.get(), now.pages.get())
                        : Optional.empty())
                .map(what -> (folder.equals(now.folder)
                                ? "an older copy was put in its place: "
                                // In another folder than then: both were moved, or the one to the other.
                                : "it is an older copy, or the folder of our state beside it is another database's: ")
                        + what);
    }

    private static Optional<String> wentDown(String what, long then, long now) {
        return now < then ? Optional.of(what + " went back from " + then + " to " + now) : Optional.empty();
    }

    private static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(Connections.value(connection, sql));
    }

    private static String inode(Path path) throws IOException {
        return String.valueOf(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    }
}
