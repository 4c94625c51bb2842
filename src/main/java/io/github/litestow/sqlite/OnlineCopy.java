package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** A consistent copy of a database that others may be using, and its comparison with a restore. */
public final class OnlineCopy {

    private OnlineCopy() {}

    /**
     * Copies the database through SQLite's backup API: one state of it, whoever writes meanwhile.
     *
     * @param target a file that does not exist yet
     */
    public static void make(ConfiguredDatabase database, Path target, Duration busy) throws Failure {
        try (Connection connection = Connections.readOnly(database.database(), busy);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("backup to '" + target.toString().replace("'", "''") + "'");
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /**
     * Returns what differs between a copy made by {@link #make} and a file restored from the
     * replica, in words for a person; empty when they are equal.
     */
    public static Optional<String> difference(Path copy, Path restored) throws Failure {
        try (FileChannel one = FileChannel.open(copy, StandardOpenOption.READ);
                FileChannel other = FileChannel.open(restored, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(OffloadMark.LENGTH);
            one.read(header, 0);
            return new PageComparison(PageComparison.pageSize(header), true).difference(one, other);
        } catch (IOException e) {
            throw LocalFile.unreadable(copy, e);
        }
    }
}
