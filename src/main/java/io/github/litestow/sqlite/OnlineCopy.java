package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A consistent copy of a database that others may be using, and its comparison with a restore. */
public final class OnlineCopy {

    private OnlineCopy() {}

    /**
     * Copies the database through SQLite's backup API: one state of it, whoever writes meanwhile.
     *
     * @param target a file that does not exist yet
     * @param limit when it must end
     * @throws Failure {@code TIMEOUT} or {@code BUSY} when {@code limit} ended it
     */
    public static void make(ConfiguredDatabase database, Path target, Duration busy, WorkLimit limit) throws Failure {
        limit.check();
        try {
            copy(database, Connections.readOnly(database.database(), busy), target, limit);
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /**
     * Copies through a connection that is closed afterwards. sqlite-jdbc (3.54.1) copies in a loop that
     * nothing ends early, so that a copy nobody waits for any more goes on alone, to a file that is
     * deleted; it reads, and closes what it has.
     */
    private static void copy(ConfiguredDatabase database, Connection source, Path target, WorkLimit limit)
            throws Failure {
        CompletableFuture<Void> copied = CompletableFuture.runAsync(
                () -> copyAndClose(source, target), work -> DaemonThreads.start("online copy", work));
        // Woken by the end of either.
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Held watched = limit.watch(() -> over.complete(null))) {
            CompletableFuture.anyOf(copied, over).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BrokenCopy broken) {
                throw DatabaseCheck.classify(database.database(), broken.why);
            }
            throw e;
        }
        if (!copied.isDone()) {
            limit.check();
        }
    }

    private static void copyAndClose(Connection source, Path target) {
        try (source;
                Statement statement = source.createStatement()) {
            statement.executeUpdate("backup to '" + target.toString().replace("'", "''") + "'");
        } catch (SQLException e) {
            throw new BrokenCopy(e);
        }
    }

    /**
     * Returns what differs between a copy made by {@link #make} and a file restored from the
     * replica, in words for a person; empty when they are equal.
     *
     * @param limit when it must end
     * @throws Failure {@code TIMEOUT} or {@code BUSY} when {@code limit} ended it
     */
    public static Optional<String> difference(Path copy, Path restored, WorkLimit limit) throws Failure {
        try (FileChannel one = FileChannel.open(copy, StandardOpenOption.READ);
                FileChannel other = FileChannel.open(restored, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(OffloadMark.LENGTH);
            one.read(header, 0);
            return new PageComparison(PageComparison.pageSize(header), true, limit).difference(one, other);
        } catch (IOException e) {
            throw LocalFile.unreadable(copy, e);
        }
    }

    /** Carries what SQLite said out of the copying thread. */
    private static final class BrokenCopy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException why;

        BrokenCopy(SQLException why) {
            super(why);
            this.why = why;
        }
    }
}
