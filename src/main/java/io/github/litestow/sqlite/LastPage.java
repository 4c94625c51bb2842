package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Whether a database's file ends within its last page. SQLite reads the missing rest as zeros, and calls them sound;
 * a checkpoint even fills it up with zeros, after which nothing shows it any more.
 */
public final class LastPage {
    private static final int HEADER = 100;

    private LastPage() {}

    /**
     * Returns whether the file's length is no multiple of its page size, by a look that takes no lock: so it may be
     * wrong beside a writer, and only says that a check is worth its time.
     *
     * @throws Failure {@code DISK} when it cannot be read
     */
    public static boolean looksCut(Path file) throws Failure {
        try {
            byte[] header = LiveFile.start(file, HEADER);
            if (header.length < HEADER) {
                return false;
            }
            int pageSize = PageComparison.pageSize(ByteBuffer.wrap(header));
            return pageSize > 0 && file.toFile().length() % pageSize != 0;
        } catch (IOException e) {
            throw Failure.disk("cannot read " + file, e);
        }
    }

    /**
     * Returns what is wrong with the end of the file, in words for a person. Where its last page is in the write-ahead
     * log, nothing is: the next checkpoint writes it whole.
     */
    static Optional<String> cut(Path file, Connection connection, WorkLimit limit) throws SQLException, Failure {
        // Its transaction is open as long as it is not read to its end: of a VACUUM that changes the page size, say,
        // all of what follows is seen, or nothing.
        try (Statement reading = connection.createStatement();
                ResultSet open = reading.executeQuery("SELECT count(*) FROM sqlite_master")) {
            long pageSize = Long.parseLong(Connections.value(connection, "PRAGMA page_size"));
            long pages = Long.parseLong(Connections.value(connection, "PRAGMA page_count"));
            long bytes = file.toFile().length();
            boolean whole = bytes % pageSize == 0 || bytes >= pages * pageSize;
            if (whole || inWal(Connections.beside(file, "-wal").toPath(), bytes / pageSize + 1, pageSize, limit)) {
                return Optional.empty();
            }
            return Optional.of("it ends within a page, after " + bytes + " of " + pages * pageSize + " bytes");
        }
    }

    /** Whether a frame of the log that was begun last names this page; whether that one is valid is left open. */
    private static boolean inWal(Path wal, long page, long pageSize, WorkLimit limit) throws Failure {
        if (wal.toFile().length() <= WalView.HEADER) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(wal, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(WalView.HEADER);
            PageComparison.read(channel, 0, header);
            long salts = WalView.salts(header);
            for (long at = WalView.HEADER; at < channel.size(); at += WalView.FRAME_HEADER + pageSize) {
                limit.check();
                ByteBuffer frame = ByteBuffer.allocate(WalView.FRAME_HEADER);
                PageComparison.read(channel, at, frame);
                if (WalView.saltsOfFrame(frame) != salts) {
                    return false;
                }
                if (Integer.toUnsignedLong(frame.getInt(0)) == page) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw Failure.disk("cannot read " + wal, e);
        }
    }
}
