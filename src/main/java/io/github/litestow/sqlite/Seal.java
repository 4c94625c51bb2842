package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Exclusive use of a live database: while it is held nobody else can read or write it, and every
 * committed row is in the main file. Closing it without {@link #delete} puts the database back as
 * it was; there is no other way to delete a database.
 *
 * <p>The order of what happens here is what keeps rows safe; each deviation lost some in a trial
 * (decision record 0003). In short: one channel, opened before and closed after the connection,
 * because closing any descriptor drops SQLite's locks; exclusive use taken while still in WAL,
 * because {@code PRAGMA journal_mode} alone locks nothing and ignores the busy timeout; {@code
 * TRUNCATE} and not {@code DELETE}, because closing would unlink a newcomer's journal by its name.
 *
 * <p>Not safe for concurrent use; the claim on the database serialises its users.
 */
public final class Seal implements AutoCloseable {
    private final ConfiguredDatabase database;
    private final SealedFile file;
    private final Connection connection;
    private final String journalMode;
    private final String stamps;
    private ByteBuffer header;
    private boolean finished;

    private Seal(
            ConfiguredDatabase database,
            SealedFile file,
            Connection connection,
            String journalMode,
            String stamps,
            ByteBuffer header) {
        this.database = database;
        this.file = file;
        this.connection = connection;
        this.journalMode = journalMode;
        this.stamps = stamps;
        this.header = header;
    }

    /** As {@link #take(ConfiguredDatabase, Duration, WorkLimit)}, of a database that is small or new. */
    static Optional<Seal> take(ConfiguredDatabase database, Duration timeout) throws Failure {
        return take(database, timeout, WorkLimit.none());
    }

    /**
     * Takes exclusive use, waiting up to {@code timeout} for others to let go.
     *
     * @param limit ends what SQLite does for it
     * @return the seal, or empty when somebody has the database open
     * @throws Failure when the database cannot be opened or read, or vanished
     */
    public static Optional<Seal> take(ConfiguredDatabase database, Duration timeout, WorkLimit limit) throws Failure {
        Path path = database.database();
        try {
            SealedFile file = SealedFile.open(path);
            Optional<Seal> seal = Optional.empty();
            try {
                seal = take(database, timeout, limit, file);
            } finally {
                if (seal.isEmpty()) {
                    file.close();
                }
            }
            return seal;
        } catch (IOException e) {
            throw LocalFile.unreadable(path, e);
        } catch (SQLException e) {
            throw DatabaseCheck.classify(path, e);
        }
    }

    private static Optional<Seal> take(ConfiguredDatabase database, Duration timeout, WorkLimit limit, SealedFile file)
            throws SQLException, IOException, Failure {
        Connection connection = Connections.writable(database.database(), timeout);
        boolean sealed = false;
        String original = null;
        // The whole WAL goes into the main file here, which may take long.
        try (Held watched = Connections.watch(connection, limit)) {
            Connections.execute(connection, "PRAGMA locking_mode=EXCLUSIVE");
            Connections.execute(connection, "BEGIN EXCLUSIVE");
            Connections.execute(connection, "COMMIT");
            // From here on nobody else writes, and what we do ourselves has not touched the files yet.
            String stamps = Fingerprint.stamps(database);
            original = Connections.value(connection, "PRAGMA journal_mode");
            String mode = Connections.value(connection, "PRAGMA journal_mode=TRUNCATE");
            Connections.execute(connection, "BEGIN EXCLUSIVE");
            // The path may have been replaced between the opening of the channel and of the
            // connection; then the channel does not show what the connection locks.
            sealed = mode.equals("truncate") && file.inPlace() && noWal(database);
            return sealed
                    ? Optional.of(new Seal(database, file, connection, original, stamps, file.header()))
                    : Optional.empty();
        } catch (SQLException e) {
            if (Connections.busy(e)) {
                return Optional.empty();
            }
            if (Connections.interrupted(e)) {
                limit.check();
            }
            throw e;
        } finally {
            if (!sealed) {
                release(connection, original);
            }
        }
    }

    /** Returns whether nothing was committed between this fingerprint and the seal. */
    boolean unchangedSince(String fingerprint) {
        return Fingerprint.stampsOf(fingerprint).equals(stamps);
    }

    /** Returns whether the sealed database has no table of an application. */
    boolean empty() throws Failure {
        try {
            return DatabaseCheck.withoutTables(connection);
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        }
    }

    /**
     * Compares the sealed database with a copy restored from the replica.
     *
     * @param scratch the copy, a file nobody else uses
     * @param txid the transaction that was restored into it
     * @param limit when it must end
     * @return the proof, or empty when the two differ: somebody wrote after the upload
     * @throws Failure {@code DISK} when either file cannot be read; {@code TIMEOUT} or {@code BUSY} when {@code
     *     limit} ended it
     */
    public Optional<Proof> compare(Path scratch, String txid, WorkLimit limit) throws Failure {
        try (FileChannel copy = FileChannel.open(scratch, StandardOpenOption.READ)) {
            Optional<String> difference =
                    new PageComparison(file.pageSize(), false, limit).difference(file.channel(), copy);
            return difference.isEmpty() ? Optional.of(new Proof(this, txid, database.database())) : Optional.empty();
        } catch (IOException e) {
            throw LocalFile.unreadable(scratch, e);
        }
    }

    /** Shows every page, and returns whether; a file that is not as its header says is shown to nobody. */
    public boolean show(PageVisitor visitor, WorkLimit limit) throws Failure {
        return file.show(visitor, journalMode.equals("wal"), limit);
    }

    /** Has SQLite check the database meanwhile; until that is closed only pages are to be asked for. */
    public SealedCheck check(WorkLimit limit) {
        return new SealedCheck(database.database(), connection, limit);
    }

    /** As {@link #show}; returns the proof, or empty when a page differs or nothing is known by a restore. */
    public Optional<Proof> compare(ProvenPages known, WorkLimit limit) throws Failure {
        Optional<String> txid = show(known, limit) ? known.provenTxid() : Optional.empty();
        return txid.map(point -> new Proof(this, point, database.database()));
    }

    /** Counts a change in the engine's own table, as the engine does: an older copy is told by that. */
    public boolean count() throws Failure {
        try {
            boolean counted = EngineCounter.stepSealed(connection);
            header = file.header();
            return counted;
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        } catch (IOException e) {
            throw LocalFile.unreadable(database.database(), e);
        }
    }

    /**
     * Deletes the database, its side files and the engine's state. From the first byte written here
     * the file counts as deleted, and a start that finds it half-done finishes the work.
     *
     * <p>What goes is the very file that was compared. Its side files go while it is untouched, locked
     * and in its place, so that they are nobody else's; then it is marked, moved aside, looked at and
     * deleted; the engine's state, without which it could still be uploaded whole, goes last.
     *
     * @param proof made by this seal's {@link #compare}
     * @return what of the engine's state could not be deleted, if anything
     * @throws Failure {@code PROOF_FAILED} when the proof is another's; {@code BUSY} when a {@code
     *     -wal} or another file appeared in the database's place; {@code REFUSED} when the file has
     *     another name; {@code DISK} when a file cannot be deleted. In each case what is not deleted is put back by {@link #close}
     */
    public Optional<Failure> delete(Proof proof) throws Failure {
        Path path = database.database();
        if (!proof.madeUnder(this) || finished) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the proof at hand was not made under this seal of " + path,
                    "This is a defect of Litestow; nothing was deleted. Please report it.");
        }
        Path aside = InodeDeletion.aside(database);
        try {
            if (!noWal(database) || !untouched() || SideFiles.hotJournal(database)) {
                throw InterruptedDeletion.replaced(database, null);
            }
            FileNames.requireOne(path);
            StateFolder.ensure(database);
            Files.deleteIfExists(database.side("-shm"));
            Files.deleteIfExists(database.side("-journal"));
            file.deletion(aside).run(OffloadMark.of(proof.txid()));
            finished = true;
        } catch (FileAlreadyExistsException e) {
            throw InterruptedDeletion.replaced(database, e);
        } catch (IOException e) {
            InterruptedDeletion.settleAside(database);
            throw new Failure(
                    FailureKind.DISK,
                    ErrorText.sentence("cannot delete " + path, e),
                    "The backup is proven and the database is still there. Check the owner and mode of the folder.",
                    e);
        }
        try {
            StateFolder.delete(database.engineFolder());
            return Optional.empty();
        } catch (Failure e) {
            return Optional.of(e);
        }
    }

    /**
     * Moves the sealed database and what belongs to it to quarantine instead of letting go of it.
     *
     * @param now the time for the folder's name
     * @return the folder
     * @throws Failure {@code DISK} when a file cannot be moved; a database that was not moved is put
     *     back as it was by {@link #close}
     */
    public Optional<Path> quarantine(Instant now) throws Failure {
        try {
            return Quarantine.move(database, now);
        } finally {
            // Once it is moved the connection must not touch the old path again: a journal or WAL it
            // made there would belong to the wrong database.
            finished = !file.inPlace();
        }
    }

    /** Whether the file at the path is still ours, and nobody copied another one into it, which asks for no lock. */
    private boolean untouched() throws IOException {
        return file.inPlace() && header.equals(file.header());
    }

    /**
     * Lets go: of nothing after {@link #delete}, otherwise of the database as it was. If another file
     * is in its place, or another content in the file, nothing is written: it would be to that one.
     */
    @Override
    public void close() throws Failure {
        try (file) {
            if (finished || !untouched()) {
                connection.close();
            } else {
                release(connection, journalMode);
            }
        } catch (SQLException e) {
            throw DatabaseCheck.classify(database.database(), e);
        } catch (IOException e) {
            throw LocalFile.unreadable(database.database(), e);
        }
    }

    /** Ends exclusive use: journal mode back, one read so that the lock is given up, then close. */
    private static void release(Connection connection, String journalMode) throws SQLException {
        try (connection) {
            if (journalMode != null) {
                Connections.rollback(connection);
                Connections.value(connection, "PRAGMA journal_mode=" + journalMode);
                Connections.execute(connection, "PRAGMA locking_mode=NORMAL");
                Connections.value(connection, "SELECT 1 FROM sqlite_master");
            }
        }
    }

    private static boolean noWal(ConfiguredDatabase database) {
        return !Files.exists(database.side("-wal"), LinkOption.NOFOLLOW_LINKS);
    }
}
