package io.github.litestow.run.compare;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ProvenFile;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.Database;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.RestoreAside;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.OnlineCopy;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.ChangedPages;
import io.github.litestow.store.ReplicaContents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Copies of one database's states in a folder of their own, which goes when this is closed. */
public final class Look implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Look.class);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final Database database;
    private final Litestream litestream;
    private final Path folder;
    private final Deadline deadline;
    private final Cancellation cancellation = new Cancellation();

    Look(Database database, Litestream litestream, Deadline deadline) throws Failure {
        this.database = database;
        this.litestream = litestream;
        this.deadline = deadline;
        this.folder = StateFolder.newLook(database.settings());
    }

    /**
     * Restores a point from the replica, checked, and held against what was proven.
     *
     * @return a file that nobody else uses
     * @throws Failure as a restore to another file
     */
    public Path restored(RestorePoint point) throws Failure {
        ReplicaContents contents = database.replica().contents();
        DiskSpace.require(folder, contents.bytesToRestore(point.txid()), "the restored database");
        Path file = folder.resolve(point.txid() + ".db");
        new RestoreAside(litestream, deadline, cancellation)
                .restore(database.settings(), database.replica(), point.txid(), file);
        return file;
    }

    /**
     * Makes a point out of an earlier one: by what changed in between, where that is less to read than the
     * point itself; or else restores it.
     *
     * @param earlier the earlier point
     * @param file what {@link #restored} made of it
     * @return another file that nobody else uses
     * @throws Failure as {@link #restored}
     */
    public Path restoredAfter(RestorePoint earlier, Path file, RestorePoint point) throws Failure {
        List<ReplicaFile> listed = database.replica().files();
        ReplicaContents contents = database.replica().contents(listed);
        Optional<ChangedPages> changes = ChangedPages.between(database.replica(), listed, earlier.txid(), point.txid())
                .filter(some -> some.bytes() < contents.bytesToRead(point.txid()));
        if (changes.isEmpty()) {
            return restored(point);
        }
        long bytes = contents.databaseBytes(point.txid()).orElse(0L);
        DiskSpace.require(folder, Math.max(bytes, file.toFile().length()), "the second state");
        List<ProvenFile> before = database.replica().evidence().of(point.txid());
        Path after = folder.resolve(point.txid() + "-changed.db");
        if (!changes.get().make(file, after, limit()::check)) {
            StateFolder.delete(after);
            return restored(point);
        }
        database.replica().evidence().require(point.txid(), before);
        return after;
    }

    /**
     * Copies the local database as it is at this moment, its writers going on.
     *
     * @return a file that nobody else uses
     * @throws Failure {@code REFUSED} when there is none
     */
    public Path local() throws Failure {
        LocalFile local = LocalFile.look(database.settings());
        if (local.state() != LocalFile.State.DATABASE) {
            throw noLocal(database);
        }
        DiskSpace.require(folder, local.bytes(), "a copy of the database");
        Path copy = folder.resolve("local.db");
        OnlineCopy.make(database.settings(), copy, LOCK_TIMEOUT, limit());
        return copy;
    }

    static Failure noLocal(Database database) {
        return new Failure(
                FailureKind.REFUSED,
                "there is no local database at " + database.settings().database(),
                "Name a restore point instead: its label, TXID, or a time.");
    }

    /** Returns when work with these copies must end. */
    public WorkLimit limit() {
        return new WorkLimit(deadline, cancellation, Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            StateFolder.delete(folder);
        } catch (Failure e) {
            LOG.warnf("%s: a copy that was looked into stays: %s", database.name(), e.getMessage());
        }
    }
}
