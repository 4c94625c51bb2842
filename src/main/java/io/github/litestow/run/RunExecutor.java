package io.github.litestow.run;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.sqlite.StateFolder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Carries runs out, one at a time per database, and writes down how each ended: in the journal, at
 * the replica, and as an event of type {@link RunRecord} for whoever reports. What a run does is its
 * {@link Body}; the rooms below know. Safe for concurrent use.
 */
@ApplicationScoped
public class RunExecutor {
    private static final Logger LOG = Logger.getLogger(RunExecutor.class);
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);

    /** What to do about a run that was late: only a snapshot's deadline is a setting. */
    private static final Map<Operation, String> ADVICE = Map.of(
            Operation.SNAPSHOT,
            "Raise LITESTOW_SNAPSHOT_TIMEOUT, or `--timeout` where that was given, if the database or the network needs"
                    + " longer; for the last snapshot before a stop it is LITESTOW_SHUTDOWN_GRACE.",
            Operation.RESTORE,
            "A restore's deadline is fixed. Look at why the replica, the network or the disk is that slow, and run it"
                    + " again.",
            Operation.VERIFY,
            "A verification's deadline is fixed. Look at why the replica, the network or the disk is that slow, and run"
                    + " it again.");

    private final Clock clock;
    private final Event<RunRecord> ended;
    private final LaunchMode launchMode;
    private final RunGate gate;
    private final WalPinner walPinner;
    private final AtomicInteger sequence = new AtomicInteger();
    /** The runs that work, by id; guarded by itself, and notified when one ends. */
    private final Map<String, Cancellation> working = new HashMap<>();

    private volatile boolean stopping;

    /** Wires the executor; {@code clock} is the only source of wall-clock time. */
    @Inject
    public RunExecutor(Clock clock, Event<RunRecord> ended, LaunchMode launchMode, RunGate gate) {
        this.clock = clock;
        this.gate = gate;
        this.ended = ended;
        this.launchMode = launchMode;
        this.walPinner = new WalPinner(launchMode.serving());
    }

    /** An executor that lets every run pass. */
    public RunExecutor(Clock clock, Event<RunRecord> ended, LaunchMode launchMode) {
        this(clock, ended, launchMode, RunGate.OPEN);
    }

    /** What a run does between taking its database and being written down. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it.
         *
         * @throws Failure what was in the way; the run ends as failed
         */
        Outcome run(RunContext context) throws Failure;
    }

    /**
     * How a run gets in.
     *
     * @param last whether it passes although runs were stopped
     * @param begun gets its id once it has the database
     */
    public record Entry(boolean last, Consumer<String> begun) {
        /** A run like any other. */
        public static final Entry ORDINARY = new Entry(false, id -> {});
        /** The run that follows {@link RunExecutor#stop}; whoever else asks is turned away. */
        public static final Entry LAST = new Entry(true, id -> {});

        /** A run whose id somebody waits for. */
        public static Entry announcedTo(Consumer<String> begun) {
            return new Entry(false, begun);
        }
    }

    /**
     * Carries a run out and returns how it ended.
     *
     * @param trigger what asks, as in {@link RunRecord}
     * @param timeout its deadline, positive
     */
    public RunRecord execute(
            Database database, Operation operation, String trigger, Duration timeout, Entry entry, Body body) {
        Instant started = clock.instant();
        Cancellation cancellation = new Cancellation();
        RunContext context = new RunContext(
                nextId(started),
                database,
                new Deadline(System::nanoTime, timeout, ADVICE.get(operation)),
                cancellation,
                launchMode.describe(),
                launchMode.serving());
        Optional<Held> lock;
        try {
            StateFolder.ensure(database.settings());
            lock = database.lock().take(launchMode.describe());
        } catch (Failure e) {
            RunRecord record = record(context, operation, trigger, started, failed(context, e));
            database.journal().remember(record);
            return publish(record);
        }
        if (lock.isEmpty()) {
            return skipped(database, operation, trigger, "another run is working on this database");
        }
        if (!begin(context.id(), cancellation, entry)) {
            lock.get().close();
            return skipped(database, operation, trigger, stoppedBy());
        }
        database.currentRun().begin(context.id(), () -> context.look(operation, trigger, started));
        entry.begun().accept(context.id());
        try (Held held = lock.get();
                WalHold wal = walPinner.lend(database, operation != Operation.RESTORE);
                context) {
            context.holds(wal);
            Outcome outcome = gate.begins(database, operation, context.deadline(), cancellation)
                    .<Outcome>map(Outcome.Skipped::new)
                    .orElseGet(() -> outcome(context, body));
            context.evidence().write(RunCleanup.onlyAtTheReplica(outcome), clock);
            RunCleanup.settle(context);
            return publish(RunCleanup.keep(context, record(context, operation, trigger, started, outcome)));
        } finally {
            // After the lock was given back: who sees that it ended may begin the next.
            database.currentRun().end(context.id());
            end(context.id());
        }
    }

    /** Writes down a run that was not even tried, and why. */
    public RunRecord skipped(Database database, Operation operation, String trigger, String reason) {
        Instant now = clock.instant();
        return publish(new RunRecord(
                nextId(now), database.name(), operation, trigger, now, now, new Outcome.Skipped(reason), List.of()));
    }

    /**
     * Lets no more runs begin, cancels those that work, and waits for them.
     *
     * @param timeout how long to wait at the most
     * @return whether all have ended, with nothing half-done
     */
    public boolean stop(Duration timeout) {
        stopping = true;
        walPinner.stop();
        List<Cancellation> cancelled;
        synchronized (working) {
            cancelled = List.copyOf(working.values());
        }
        cancelled.forEach(Cancellation::cancel);
        Deadline deadline = new Deadline(System::nanoTime, timeout);
        synchronized (working) {
            try {
                while (!working.isEmpty() && deadline.left().toMillis() > 0) {
                    working.wait(deadline.left().toMillis());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return working.isEmpty();
        }
    }

    /** Returns whether {@link #stop} was called, so that no run begins any more. */
    public boolean stopping() {
        return stopping;
    }

    private boolean begin(String id, Cancellation cancellation, Entry entry) {
        synchronized (working) {
            if (stopping && !entry.last()) {
                return false;
            }
            working.put(id, cancellation);
            return true;
        }
    }

    private void end(String id) {
        synchronized (working) {
            working.remove(id);
            working.notifyAll();
        }
    }

    private String stoppedBy() {
        return launchMode.serving() ? "the service is stopping" : "the command was told to stop";
    }

    private Outcome outcome(RunContext context, Body body) {
        try {
            context.database().journal().load();
            Outcome outcome = body.run(context);
            // What was deleted on proof stays a success; what only seems confirmed does not.
            return context.revoked().isPresent() && outcome.which() != Outcome.Case.OFFLOADED
                    ? failed(context, context.revoked().get())
                    : outcome;
        } catch (Failure e) {
            if (context.revoked().isPresent()) {
                return failed(context, context.revoked().get());
            }
            return context.cancellation().cancelled()
                    ? new Outcome.Skipped("stopped at " + context.step().label() + ": " + stoppedBy())
                    : failed(context, e);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "%s: defect in step %s",
                    context.database().name(),
                    context.step().label());
            return new Outcome.Failed(
                    FailureKind.INTERNAL,
                    context.step().label(),
                    String.valueOf(e),
                    "This is a defect of Litestow. The local database was not deleted; please report the log.");
        }
    }

    private static Outcome.Failed failed(RunContext context, Failure e) {
        // What was waited for cannot know which deadline it was that passed.
        boolean late =
                e.kind() == FailureKind.TIMEOUT && context.deadline().left().isZero();
        String advice = context.deadline().advice();
        String hint = late && !e.hint().contains(advice) ? e.hint() + " " + advice : e.hint();
        return new Outcome.Failed(e.kind(), context.step().label(), e.getMessage(), hint);
    }

    private RunRecord record(
            RunContext context, Operation operation, String trigger, Instant started, Outcome outcome) {
        return new RunRecord(
                context.id(),
                context.database().name(),
                operation,
                trigger,
                started,
                clock.instant(),
                outcome,
                context.warnings(),
                context.statistics().taken(context.database().replica().statistics()));
    }

    private RunRecord publish(RunRecord record) {
        ended.fire(record);
        return record;
    }

    private String nextId(Instant now) {
        return ID.format(now) + "-" + sequence.incrementAndGet();
    }
}
