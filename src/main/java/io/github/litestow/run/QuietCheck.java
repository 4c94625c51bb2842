package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.difference.IndexComparison;
import io.github.litestow.difference.IndexedPoint;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.Lineage;
import io.github.litestow.journal.LocalDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Mending;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.FileStamp;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.PageScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Whether there is nothing to do for a database of a group: its files are as they were when they were last
 * known to hold what the replica ends with. That is decided by size and times alone, or failing that by its
 * pages, without a process and without a request; in doubt there is something to do, and a run looks.
 *
 * <p>A database that is here, unchanged and once proven is not proven again: what is at the replica rots
 * unseen then, but it is not the only copy.
 */
public final class QuietCheck {
    private static final Logger LOG = Logger.getLogger(QuietCheck.class);
    /** Of what is read here; a run takes its time instead. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** A try waits for the application, and asks the replica. */
    private static final Duration OFFLOAD_AGAIN = Duration.ofHours(1);

    private static final long MAX_BYTES = 64L << 20;

    private QuietCheck() {}

    /** Returns whether a look at names, sizes and times shows that there is nothing to do. */
    public static boolean quiet(Database database, Instant now) {
        DatabaseState state = database.journal().state();
        try {
            Optional<FileStamp> stamp = FileStamp.of(database.settings());
            if (stamp.isEmpty()) {
                // Where a deletion or a restore was cut off, a run finds out what is there.
                return state.local() instanceof LocalDatabase.Settled
                        && Files.notExists(database.settings().database(), LinkOption.NOFOLLOW_LINKS)
                        && !(state.offloaded()
                                && (offloadedProofIsDue(database.settings(), state, now)
                                        || aLookOrAProofMayEndAFailure(state)));
            }
            return stamp.map(FileStamp::text).equals(state.confirmedStamp())
                    && state.lineage().isPresent()
                    && state.lastFailure().isEmpty()
                    && state.unrecorded().isEmpty()
                    && !proofIsDue(database.settings(), state, now)
                    && !offloadIsDue(database.settings(), state, now);
        } catch (IOException e) {
            LOG.debugf(e, "%s cannot be looked at", database.settings().database());
            return false;
        }
    }

    /** Returns whether the only copy of an offloaded database is to be proven again. */
    public static boolean offloadedProofIsDue(ConfiguredDatabase settings, DatabaseState state, Instant now) {
        // What a clock that was ahead wrote down is no proof, or none would be due for as long.
        Optional<Instant> proven = state.provenAt()
                .or(() -> state.newestProven().map(RestorePoint::time))
                .filter(time -> RunTime.past(time, now));
        return settings.verifyOffloadedEvery()
                .filter(every -> proven.isEmpty() || !proven.get().plus(every).isAfter(now))
                .isPresent();
    }

    private static boolean aLookOrAProofMayEndAFailure(DatabaseState state) {
        Optional<RestorePoint> newest = state.newest();
        return newest.isPresent()
                && state.lastFailure().values().stream()
                        .anyMatch(failed ->
                                Mending.wouldMend(new Outcome.NothingToSnapshot(newest.map(RestorePoint::txid)), failed)
                                        || Mending.wouldMend(new Outcome.Verified(newest.get(), false), failed));
    }

    private static boolean proofIsDue(ConfiguredDatabase settings, DatabaseState state, Instant now) {
        boolean lately = state.provenAt()
                .filter(time -> RunTime.lately(time, settings.verifyEvery(), now))
                .isPresent();
        return !state.newestIsProven() && !lately;
    }

    /** One that is to go stays as long as somebody has it open, and who closes it need not change it. */
    private static boolean offloadIsDue(ConfiguredDatabase settings, DatabaseState state, Instant now) {
        boolean triedLately = Optional.ofNullable(state.lastSuccess().get(Operation.SNAPSHOT))
                .map(RunRecord::started)
                .filter(time -> RunTime.lately(time, OFFLOAD_AGAIN, now))
                .isPresent();
        return settings.snapshot().deleteLocal() && !triedLately;
    }

    /** Looks at the files before a run; empty for a database that is not of a group, of which each slot has a run. */
    public static Optional<FileStamp> before(Database database) {
        try {
            return database.settings().group().isPresent() ? FileStamp.of(database.settings()) : Optional.empty();
        } catch (IOException e) {
            LOG.debugf(e, "%s cannot be looked at", database.settings().database());
            return Optional.empty();
        }
    }

    /**
     * Remembers how the files are after a run that found or made both sides equal, if nothing touched them
     * meanwhile: neither an application nor the run itself.
     *
     * @param before how they were when it began
     * @param began when it did
     */
    public static void remember(Database database, Optional<FileStamp> before, Instant began, Outcome outcome)
            throws Failure {
        boolean here = outcome.which() == Outcome.Case.SNAPSHOTTED || outcome.which() == Outcome.Case.UNCHANGED;
        if (before.isPresent() && here && before.get().settled(began) && before.equals(before(database))) {
            keep(database, before.get());
        }
    }

    private static void keep(Database database, FileStamp stamp) throws Failure {
        if (!database.journal().state().confirmedStamp().equals(Optional.of(stamp.text()))) {
            database.journal().change(change -> change.confirmedStamp(Optional.of(stamp.text())));
        }
    }

    /**
     * Returns whether a database that nobody wrote to lately is what the replica ends with, as far as this
     * host knows that, by its fingerprint or its pages; and remembers it. Locks nobody out: whoever writes
     * meanwhile changes the times.
     *
     * @param who for the messages of others
     */
    public static boolean foundQuiet(Database database, String who, Instant now) {
        try {
            Optional<FileStamp> stamp = before(database);
            if (stamp.isEmpty() || !stamp.get().settled(now)) {
                return false;
            }
            // No run of ours may have locks on the file, which closing it here would drop.
            Optional<Held> lock = database.lock().take(who);
            if (lock.isEmpty()) {
                return false;
            }
            try (Held held = lock.get()) {
                boolean same = sameFingerprint(database)
                        || (readable(database, stamp.get()) && samePages(database, patient()));
                if (!same || !stamp.equals(before(database))) {
                    return false;
                }
                keep(database, stamp.get());
            }
            return quiet(database, now);
        } catch (Failure | IOException e) {
            LOG.debugf("%s: %s", database.name(), e.getMessage());
            return false;
        }
    }

    /**
     * Returns whether a database to which nobody wrote lately has the pages of the newest point that this host
     * knows, and nothing beside the main file. Opens and closes that, so never while a connection of this
     * process is on it.
     *
     * @param now the time
     * @param limit ends the reading
     */
    public static boolean hasKnownPages(Database database, Instant now, WorkLimit limit) throws Failure {
        try {
            return allInMainFile(database.settings())
                    && FileStamp.of(database.settings())
                            .filter(stamp -> stamp.settled(now))
                            .isPresent()
                    && samePages(database, limit);
        } catch (IOException e) {
            throw Failure.disk("cannot read " + database.settings().database(), e);
        }
    }

    /** Only where reading it costs less than a run does. */
    private static boolean readable(Database database, FileStamp stamp) {
        return stamp.bytes() <= MAX_BYTES && allInMainFile(database.settings());
    }

    private static boolean allInMainFile(ConfiguredDatabase settings) {
        return settings.side("-wal").toFile().length() == 0
                && settings.side("-journal").toFile().length() == 0;
    }

    private static WorkLimit patient() {
        return new WorkLimit(new Deadline(System::nanoTime, LOOK), new Cancellation(), Duration.ZERO);
    }

    private static boolean sameFingerprint(Database database) throws Failure {
        Optional<String> recorded = database.journal().state().lineage().flatMap(Lineage::fingerprint);
        return recorded.isPresent()
                && recorded.get().equals(Fingerprint.take(database.settings()).text());
    }

    private static boolean samePages(Database database, WorkLimit limit) throws Failure, IOException {
        DatabaseState state = database.journal().state();
        Optional<PageIndex> known = PageIndex.open(PageIndex.place(database.settings()));
        if (known.isEmpty()) {
            return false;
        }
        try (PageIndex index = known.get()) {
            IndexedPoint point = index.point();
            if (!state.newest().map(RestorePoint::txid).equals(Optional.of(point.txid()))
                    || !state.replicaId().equals(Optional.of(point.replicaId()))) {
                return false;
            }
            IndexComparison comparison = new IndexComparison(index);
            PageScan.of(database.settings().database(), comparison, limit);
            return comparison.same();
        }
    }
}
