package io.github.litestow.run;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.lease.LeaseUser;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Progress;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.SeenIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What one run carries along: its name, its step, when it must end, what it noticed. */
public final class RunContext implements LeaseUser, AutoCloseable {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.run");

    private static final Duration STOP_GRACE = Duration.ofSeconds(1);

    private final String id;
    private final Database database;
    private final Deadline deadline;
    private final Cancellation cancellation;
    private final String who;
    private final boolean serving;
    private final List<String> warnings = new ArrayList<>();
    private final RunEvidence evidence = new RunEvidence(this);
    private final AdmittedFile admitted;
    private final StatisticsRecorder statistics = new StatisticsRecorder(System::nanoTime);
    private Optional<Held> lease = Optional.empty();
    private Optional<List<ReplicaFile>> listing = Optional.empty();
    private Optional<List<ReplicaFile>> uploaded = Optional.empty();
    private Optional<SeenIdentity> identity = Optional.empty();
    private Optional<WalHold> wal = Optional.empty();
    private volatile Optional<Failure> revoked = Optional.empty();
    private volatile Optional<String> notChecked = Optional.empty();
    private volatile Step step = Step.CLAIM;
    private volatile Supplier<Optional<Progress>> progress = Optional::empty;

    /**
     * Begins at the first step.
     *
     * @param who describes this process in the text of the lease
     * @param serving whether it stays after this run
     */
    public RunContext(
            String id, Database database, Deadline deadline, Cancellation cancellation, String who, boolean serving) {
        this.id = id;
        this.who = who;
        this.serving = serving;
        this.database = database;
        this.admitted = new AdmittedFile(database.settings());
        this.deadline = deadline;
        this.cancellation = cancellation;
    }

    /** Says which step begins, after making sure that there is time left for it. */
    public void at(Step next) throws Failure {
        step = next;
        progress = Optional::empty;
        LOG.debugf("%s: %s %s", database.name(), id, next.label());
        deadline.remaining();
    }

    /** Takes the right to write to the replica for the rest of the run. */
    public void takeLease() throws Failure {
        if (lease.isEmpty()) {
            at(Step.LEASE);
            lease = Optional.of(database.lease().take(who, this));
            cancellation.lookFirst(database.lease()::lookByClock);
            explainAdoption();
        }
    }

    /** What the one before had not confirmed is not at the replica; nobody else can say so. */
    private void explainAdoption() throws Failure {
        Optional<String> before = database.lease().relieved();
        if (before.isEmpty()) {
            return;
        }
        Optional<RestorePoint> last = database.replica().proofs().stream().max(RestorePoint::compareTo);
        warn("taken over from " + before.get() + ", which fell silent. "
                + last.map(point -> "Its last confirmed point is " + point.txid() + " of " + point.time()
                                + ": what was written there after that is only on that machine, if anywhere")
                        .orElse("It had confirmed nothing here: what was written there is only on that machine"));
    }

    /**
     * Returns where the replica ends for the holder of the lease; what a writer that was relieved of it
     * wrote too late is no head.
     */
    public Optional<String> head() throws Failure {
        List<ReplicaFile> files = database.replica().files();
        listing = Optional.of(files);
        return head(files);
    }

    /** As above, of a listing. */
    public Optional<String> head(List<ReplicaFile> files) throws Failure {
        return LateWrites.seenBy(database).head(files);
    }

    /**
     * Returns the listing of which this run last asked for the head, under the lease that it still has, for what
     * comes next: once, then it is made anew. Who uploads may go by it: what we put is put over nothing, the engine
     * lists again by itself, and a listing after that has the last word.
     */
    public List<ReplicaFile> listing() throws Failure {
        Optional<List<ReplicaFile>> made = listing;
        listing = Optional.empty();
        return made.isPresent() ? made.get() : database.replica().files();
    }

    /** Notes the listing that confirmed what this run uploaded. */
    void confirmedBy(List<ReplicaFile> files) {
        uploaded = Optional.of(files);
    }

    /** Returns the listing that confirmed what this run uploaded last; empty when it uploaded nothing. */
    public Optional<List<ReplicaFile>> confirmedBy() {
        return uploaded;
    }

    /** Returns which replica this is, if it says so. It is read once in a run. */
    public Optional<String> replicaId() throws Failure {
        return identity().map(SeenIdentity::id);
    }

    /** As above, with what is needed to keep it. */
    Optional<SeenIdentity> identity() throws Failure {
        if (identity.isEmpty()) {
            identity = database.replica().identity();
        }
        return identity;
    }

    /**
     * Makes sure that the run may go on writing to the replica, without asking it.
     *
     * @throws Failure {@code BUSY} when the lease is not sure any more, or the run is to stop
     */
    public void requireWritable() throws Failure {
        database.lease().requireByClock();
        if (cancellation.cancelled()) {
            throw new Failure(FailureKind.BUSY, "stopped before all was done", "The next run goes on.");
        }
    }

    /** Ends the run: another service may write to the replica from now on. */
    @Override
    public void leaseLost(Failure why) {
        revoked = revoked.or(() -> Optional.of(why));
        cancellation.kill();
    }

    /** Returns why the run was ended, if it was revoked. */
    Optional<Failure> revoked() {
        return revoked;
    }

    /** Waits, but not beyond the deadline, nor when the run is to stop. */
    @Override
    public void pause(Duration time) throws Failure {
        CountDownLatch stopped = new CountDownLatch(1);
        try (Cancellation.Registration registered = cancellation.onCancel(stopped::countDown)) {
            if (stopped.await(deadline.remaining(time).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Failure(FailureKind.BUSY, "stopped while it waited", "Run it again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.BUSY, "stopped while it waited", "Run it again.", e);
        }
    }

    /** Gives back what the run took. */
    @Override
    public void close() {
        admitted.close();
        lease.ifPresent(Held::close);
    }

    /** Hands over what is held of the database's WAL. */
    void holds(WalHold taken) {
        wal = Optional.of(taken);
    }

    /** Returns what the run holds of the database's WAL. */
    public WalHold wal() {
        return wal.orElseThrow();
    }

    /** Says how to look at what begins now, until the next step. */
    public void watch(Supplier<Optional<Progress>> look) {
        progress = look;
    }

    /** Returns how far the run is, for another thread to ask. */
    RunInProgress look(Operation operation, String trigger, Instant started) {
        return new RunInProgress(id, database.name(), operation, trigger, started, step.label(), progress.get());
    }

    /** Notes something that went wrong without changing the result. */
    public void warn(String sentence) {
        warnings.add(sentence);
        LOG.warnf("%s: %s", database.name(), sentence);
    }

    /** Says what kept SQLite from checking the database in full; empty when nothing did. */
    void notChecked(Optional<String> why) {
        notChecked = why;
    }

    /** Returns what kept SQLite from checking what this run restored or uploads; empty when nothing did. */
    public Optional<String> notChecked() {
        return notChecked;
    }

    /** Logs something that only matters to whoever looks for a cause. */
    public void note(String sentence) {
        LOG.debugf("%s: %s", database.name(), sentence);
    }

    /** Returns a new scratch folder of this run; {@link RunExecutor} deletes it when the run ends. */
    public Path scratch() throws Failure {
        return StateFolder.newScratch(database.settings(), id);
    }

    /** Returns the run's id. */
    public String id() {
        return id;
    }

    /** Returns whether this process stays after the run, as the service does and a command does not. */
    public boolean serving() {
        return serving;
    }

    /** Returns what the run works on. */
    public Database database() {
        return database;
    }

    /** Returns which file the run was let back up. */
    public AdmittedFile admitted() {
        return admitted;
    }

    /** Returns when the run must end. */
    public Deadline deadline() {
        return deadline;
    }

    /** Returns what stops the run early. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /**
     * Returns when work of this process must end: with the run, or a second after it is to stop, so that
     * a proof that is nearly made is made.
     */
    public WorkLimit limit() {
        return new WorkLimit(deadline, cancellation, STOP_GRACE);
    }

    List<String> warnings() {
        return warnings;
    }

    /** Returns what this run measures. */
    public StatisticsRecorder statistics() {
        return statistics;
    }

    /** Returns what this run proves. */
    public RunEvidence evidence() {
        return evidence;
    }

    Step step() {
        return step;
    }
}
