package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.evidence.EvidenceChain;
import io.github.litestow.evidence.EvidenceReport;
import io.github.litestow.journal.Journal;
import io.github.litestow.lease.ConditionalWriteCheck;
import io.github.litestow.lease.LeaseHeartbeat;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.lease.ReplicaLease;
import io.github.litestow.outcome.BucketLock;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One configured database with everything that works on it: its durable {@link Journal}, and what only
 * this process knows of it. Safe for concurrent use.
 */
public final class Database {
    private static final Logger LOG = Logger.getLogger(Database.class);
    private static final Duration LATELY = Duration.ofHours(1);

    private final ConfiguredDatabase settings;
    private final Journal journal;
    private final Replica replica;
    private final EvidenceChain evidence;
    private final DatabaseLock lock;
    private final ReplicaLease lease;
    private final CurrentRun currentRun;
    private final StoreTrial trial;
    private final UnfinishedUploads unfinishedUploads = new UnfinishedUploads();
    private final Refutation refutation = new Refutation();
    private volatile boolean ready;
    private volatile boolean restoring;
    private volatile boolean atReplica;
    private volatile Optional<Instant> unchangedAt = Optional.empty();
    /** By {@link System#nanoTime}; empty when the last run did not end well. */
    private volatile Optional<Long> triedAt = Optional.empty();

    private volatile Optional<BucketLock> lockSeen = Optional.empty();

    /** Wires a database with a lease of its own, which is kept on {@code threads}. */
    public Database(
            ConfiguredDatabase settings,
            Journal journal,
            Replica replica,
            DatabaseLock lock,
            CurrentRun currentRun,
            LeaseThreads threads) {
        this(settings, journal, replica, lock, currentRun, new LeaseHeartbeat(settings, replica, lock.host(), threads));
    }

    /** Wires a database with this lease. */
    public Database(
            ConfiguredDatabase settings,
            Journal journal,
            Replica replica,
            DatabaseLock lock,
            CurrentRun currentRun,
            ReplicaLease lease) {
        this(settings, journal, replica, lock, currentRun, lease, new StoreTrial());
    }

    /** Wires a database whose store is tried once for several. */
    Database(
            ConfiguredDatabase settings,
            Journal journal,
            Replica replica,
            DatabaseLock lock,
            CurrentRun currentRun,
            ReplicaLease lease,
            StoreTrial trial) {
        this.trial = trial;
        this.settings = settings;
        this.journal = journal;
        this.replica = replica;
        this.evidence = new EvidenceChain(replica.url(), replica.store(), replica.objects());
        this.lock = lock;
        this.lease = lease;
        this.currentRun = currentRun;
    }

    /** Returns its settings. */
    public ConfiguredDatabase settings() {
        return settings;
    }

    /** Returns its durable record. */
    public Journal journal() {
        return journal;
    }

    /** Returns its replica. */
    public Replica replica() {
        return replica;
    }

    /** Returns what was proven of it, as the replica keeps it. */
    public EvidenceChain evidence() {
        return evidence;
    }

    /**
     * Reads what was proven of it since a time, and judges that.
     *
     * @param tolerance how much later than promised a proof may come
     * @throws Failure {@code REFUSED} where the replica keeps none, or why it cannot be read
     */
    public EvidenceReport evidenceReport(Instant since, Instant now, Duration tolerance) throws Failure {
        if (!evidence.keeps()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "no evidence is kept at " + replica.url() + ": Litestow has no client of its own for it",
                    "Replicas on S3 and file:// keep it.");
        }
        return EvidenceReport.of(
                name(), replica.url(), since, now, evidence.read(since, now), replica.proofs(), tolerance);
    }

    /** Returns who may work on it, on this host. */
    public DatabaseLock lock() {
        return lock;
    }

    /** Returns who may write to its replica. */
    public ReplicaLease lease() {
        return lease;
    }

    /** Returns what gives up the uploads that were never finished. */
    public UnfinishedUploads unfinishedUploads() {
        return unfinishedUploads;
    }

    /** Returns with which files its only copy did not restore. */
    public Refutation refutation() {
        return refutation;
    }

    /** Returns the run that works on it now. */
    public CurrentRun currentRun() {
        return currentRun;
    }

    /** Returns the name in the settings. */
    public String name() {
        return settings.name();
    }

    /** Returns whether this process is done with bringing the database back at its start. */
    public boolean ready() {
        return ready;
    }

    /** Says that the database is there, or rightly not there; until then nothing is snapshotted. */
    public void markReady() {
        ready = true;
        restoring = false;
    }

    /** Says that it is being restored at the start: whatever is at its path until then is not ours to upload. */
    public void markRestoring() {
        restoring = true;
    }

    /** Returns whether it is being restored at the start. */
    public boolean restoring() {
        return restoring;
    }

    /** Returns whether a replica of it was seen, or at least the beginning of one. */
    public boolean atReplica() {
        return atReplica;
    }

    /** Says that a replica of it was seen. */
    public void seenAtReplica() {
        atReplica = true;
    }

    /** Returns when this process last saw that nothing has changed since the last confirmed state. */
    public Optional<Instant> unchangedAt() {
        return unchangedAt;
    }

    /** Says that nothing has changed until now since the last confirmed state. */
    public void unchangedAt(Instant now) {
        unchangedAt = Optional.of(now);
    }

    /**
     * Returns whether this process tried the store within the last hour, and no run failed since: what a look in
     * advance would find out, the first requests of the next run find out as soon.
     */
    public boolean triedLately() {
        return triedAt.filter(at -> System.nanoTime() - at < LATELY.toNanos()).isPresent();
    }

    /** Says that the store was tried, and that what was left half uploaded was looked for. */
    public void tried() {
        tried(System.nanoTime());
    }

    void tried(long at) {
        triedAt = Optional.of(at);
    }

    /** Says how a run of this process ended. */
    void ended(Outcome.Case how) {
        if (how == Outcome.Case.FAILED || how == Outcome.Case.SKIPPED) {
            triedAt = Optional.empty();
        }
    }

    /** Returns whether this process has the right to write to the replica. */
    public boolean leaseHeld() {
        return lease.sure();
    }

    /**
     * Has a database of which this machine knows nothing learn from the replica's own record, in
     * memory only.
     *
     * @throws Failure when the replica cannot be read
     */
    public void learn() throws Failure {
        journal.learn(replica.proofs(), missing());
    }

    /**
     * Has the replica's store race some writers, and writes down whether it lets exactly one win;
     * without that, nothing but care keeps two services apart. A store that passed once is believed:
     * the races cost some sixty requests.
     */
    public void testConditionalWrites() {
        boolean passed = journal.state().conditionalWrites().orElse(false);
        try {
            if (replica.keepsObjects() && !passed) {
                boolean decides = trial.passes(() -> ConditionalWriteCheck.passes(replica.store()));
                journal.change(change -> change.conditionalWrites(decides));
                if (!decides) {
                    LOG.warnf(
                            "%s: the store of %s does not decide between two writers (no working conditional writes):"
                                    + " the lease is a hint only; never let two services use this replica",
                            name(), replica.url());
                }
            }
        } catch (Failure e) {
            LOG.debugf(e, "%s: the store was not tested", name());
        }
    }

    /**
     * Looks whether the bucket keeps what is in it, where the settings want that. Asks the store at most once
     * in a while.
     *
     * @return what is wrong, or not known; empty when all is as it should be
     */
    public Optional<BucketLock> lookAtLock() {
        lockSeen = replica.store().lock();
        return unlocked();
    }

    /** Returns what the last look of this process found wrong. Asks nobody. */
    public Optional<BucketLock> unlocked() {
        return lockSeen.filter(lock -> !lock.held());
    }

    /** Returns whether no database is here and no restore point known: a first start, or a wrong folder. */
    public boolean nothingYet() {
        return missing() && journal.state().newest().isEmpty() && !atReplica;
    }

    /** Returns what {@link #nothingYet} means, and what to look at, for a person. */
    public Failure nothingIsBackedUp() {
        return new Failure(
                FailureKind.SETTINGS,
                "no database at " + settings.database() + " and no restore point at " + replica.url()
                        + ": nothing is backed up",
                "Check LITESTOW_FOLDER and DB_SQLITE. If they are right, the first snapshot follows once an application"
                        + " has made the database.");
    }

    /**
     * Returns whether nothing is at the database's path, or a file without a byte, which is as good
     * as nothing (an application's connect makes one). Opens nothing, so it may be asked at any time.
     */
    public boolean missing() {
        return settings.database().toFile().length() == 0;
    }
}
