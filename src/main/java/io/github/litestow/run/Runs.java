package io.github.litestow.run;

import io.github.litestow.litestream.Cancellation;
import io.github.litestow.litestream.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.Quarantine;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Starts runs, one at a time per database, and writes down how each ended: in the journal, at the
 * replica, and as an event of type {@link RunRecord} for whoever reports. Safe for concurrent use.
 */
@ApplicationScoped
public class Runs {
    private static final Logger LOG = Logger.getLogger(Runs.class);
    private static final Duration RESTORE_TIMEOUT = Duration.ofDays(1);
    private static final int MOST = 1_000;
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);

    private final Litestream litestream;
    private final Clock clock;
    private final Event<RunRecord> ended;
    private final Invocation invocation;
    private final AtomicInteger sequence = new AtomicInteger();
    private final Map<String, Cancellation> active = new ConcurrentHashMap<>();
    private final Semaphore working = new Semaphore(MOST);
    private final WalKeeper walKeeper;
    private volatile boolean stopping;

    /** Wires the runs; {@code clock} is the only source of wall-clock time. */
    public Runs(Litestream litestream, Clock clock, Event<RunRecord> ended, Invocation invocation) {
        this.litestream = litestream;
        this.clock = clock;
        this.ended = ended;
        this.invocation = invocation;
        this.walKeeper = new WalKeeper(invocation.serving());
    }

    /** Runs a snapshot to its end and returns how it ended. */
    public RunRecord snapshot(Database database, SnapshotRequest request) {
        return snapshot(database, request, Entry.ORDINARY);
    }

    /** As above; {@code begun} gets the run's id as soon as it has the database. */
    public RunRecord snapshot(Database database, SnapshotRequest request, Consumer<String> begun) {
        return snapshot(database, request, new Entry(false, begun));
    }

    private RunRecord snapshot(Database database, SnapshotRequest request, Entry entry) {
        Duration timeout =
                request.timeout().orElse(database.settings().snapshot().timeout());
        return execute(database, Operation.SNAPSHOT, request.trigger(), timeout, entry, scope -> {
            Outcome outcome = new SnapshotRun(scope, request, litestream, clock).run();
            if (outcome.success() && !(outcome instanceof Outcome.Unchanged)) {
                PruneRun.after(scope, litestream, clock.instant());
            }
            return outcome;
        });
    }

    /** Runs a restore to its end and returns how it ended. */
    public RunRecord restore(Database database, RestoreRequest request) {
        return restore(database, request, Entry.ORDINARY.begun());
    }

    /** As above; {@code begun} gets the run's id as soon as it has the database. */
    public RunRecord restore(Database database, RestoreRequest request, Consumer<String> begun) {
        return execute(
                database,
                Operation.RESTORE,
                request.trigger(),
                RESTORE_TIMEOUT,
                new Entry(false, begun),
                scope -> new RestoreRun(scope, request, litestream, clock).run());
    }

    /** Runs a verification to its end and returns how it ended. */
    public RunRecord verify(Database database, String trigger) {
        return verify(database, trigger, Entry.ORDINARY.begun());
    }

    /** As above; {@code begun} gets the run's id as soon as it has the database. */
    public RunRecord verify(Database database, String trigger, Consumer<String> begun) {
        return execute(
                database,
                Operation.VERIFY,
                trigger,
                RESTORE_TIMEOUT,
                new Entry(false, begun),
                scope -> new VerificationRun(scope, litestream, clock).run());
    }

    /**
     * Makes a replica smaller, or says only what would be deleted.
     *
     * @throws Failure {@code BUSY} when another process works on the database; otherwise what was in
     *     the way
     */
    public PruneReport prune(Database database, boolean dryRun) throws Failure {
        return new PruneRun(database, litestream, clock).run(invocation.describe(), dryRun);
    }

    /**
     * Has a database of which this machine knows nothing learn from the replica's own record, in
     * memory only.
     *
     * @throws Failure when the replica cannot be read
     */
    public void learn(Database database) throws Failure {
        database.journal().learn(database.replica().proofs(), database.missing());
    }

    /** Returns what is kept of files that restores moved out of their way, oldest first. */
    public List<QuarantinedFiles> quarantine(Database database) throws Failure {
        return Quarantine.entries(database.settings()).stream()
                .map(entry -> new QuarantinedFiles(entry.folder(), entry.time(), entry.bytes()))
                .toList();
    }

    /** Writes down a run that was not even tried, and why. */
    public RunRecord skipped(Database database, Operation operation, String trigger, String reason) {
        Instant now = clock.instant();
        RunRecord record = new RunRecord(
                nextId(now), database.name(), operation, trigger, now, now, new Outcome.Skipped(reason), List.of());
        ended.fire(record);
        return record;
    }

    /**
     * Lets no more runs begin, tells those that work to stop, and waits for them.
     *
     * @param patience how long to wait at the most
     * @return whether all have ended, with nothing half-done
     */
    public boolean stop(Duration patience) {
        stopping = true;
        walKeeper.stop();
        active.values().forEach(Cancellation::cancel);
        try {
            // Each run holds a permit; all of them together are free when none works.
            return working.tryAcquire(MOST, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns whether {@link #stop} was called, so that no run begins any more. */
    public boolean stopping() {
        return stopping;
    }

    /** Takes a last snapshot after {@link #stop}; whoever else asks for a run is still turned away. */
    public RunRecord last(Database database, SnapshotRequest request) {
        return snapshot(database, request, Entry.LAST);
    }

    private RunRecord execute(
            Database database, Operation operation, String trigger, Duration timeout, Entry entry, Body body) {
        Instant started = clock.instant();
        String id = nextId(started);
        Cancellation cancellation = new Cancellation();
        RunScope scope = new RunScope(
                id, database, new Deadline(System::nanoTime, timeout), cancellation, invocation.describe());
        Optional<Claim.Held> claim;
        try {
            StateFolder.ensure(database.settings());
            claim = database.claim().take(invocation.describe());
        } catch (Failure e) {
            return publish(record(scope, operation, trigger, started, failed(scope, e)));
        }
        if (claim.isEmpty()) {
            return skipped(database, operation, trigger, "another run is working on this database");
        }
        if (!entry.last() && (stopping || !working.tryAcquire())) {
            claim.get().close();
            return skipped(database, operation, trigger, "the service is stopping");
        }
        active.put(id, cancellation);
        if (stopping && !entry.last()) {
            cancellation.cancel();
        }
        database.journal().working().begins(id, () -> scope.look(operation, trigger, started));
        entry.begun().accept(id);
        try (Claim.Held held = claim.get();
                WalKeeper.Pause pause = walKeeper.pause(database);
                scope) {
            Outcome outcome = outcome(scope, body);
            RunEnd.settle(scope);
            RunRecord record = record(scope, operation, trigger, started, outcome);
            return publish(RunEnd.keep(scope, record));
        } finally {
            // After the claim was given back: who sees that it ended may begin the next.
            database.journal().working().ended(id);
            active.remove(id);
            if (!entry.last()) {
                working.release();
            }
        }
    }

    private static Outcome outcome(RunScope scope, Body body) {
        try {
            scope.database().journal().load();
            Outcome outcome = body.run(scope);
            // What was deleted on proof stays a success; what only seems confirmed does not.
            return scope.revoked().isPresent() && !(outcome instanceof Outcome.Offloaded)
                    ? failed(scope, scope.revoked().get())
                    : outcome;
        } catch (Failure e) {
            if (scope.revoked().isPresent()) {
                return failed(scope, scope.revoked().get());
            }
            return scope.cancellation().cancelled()
                    ? new Outcome.Skipped("stopped at " + scope.step().label() + ": the service is stopping")
                    : failed(scope, e);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "%s: defect in step %s",
                    scope.database().name(),
                    scope.step().label());
            return new Outcome.Failed(
                    FailureKind.INTERNAL,
                    scope.step().label(),
                    String.valueOf(e),
                    "This is a defect of Litestow. The local database was not deleted; please report the log.");
        }
    }

    private static Outcome.Failed failed(RunScope scope, Failure e) {
        return new Outcome.Failed(e.kind(), scope.step().label(), e.getMessage(), e.hint());
    }

    private RunRecord record(RunScope scope, Operation operation, String trigger, Instant started, Outcome outcome) {
        return new RunRecord(
                scope.id(),
                scope.database().name(),
                operation,
                trigger,
                started,
                clock.instant(),
                outcome,
                scope.warnings(),
                scope.measures().figures(scope.database().replica().lastListing()));
    }

    private RunRecord publish(RunRecord record) {
        ended.fire(record);
        return record;
    }

    private String nextId(Instant now) {
        return ID.format(now) + "-" + sequence.incrementAndGet();
    }

    /**
     * How a run gets in.
     *
     * @param last whether it passes although runs were stopped
     * @param begun gets its id once it has the database
     */
    private record Entry(boolean last, Consumer<String> begun) {
        static final Entry ORDINARY = new Entry(false, id -> {});
        static final Entry LAST = new Entry(true, id -> {});
    }

    private interface Body {
        Outcome run(RunScope scope) throws Failure;
    }
}
