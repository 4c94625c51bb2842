package io.github.litestow.run.snapshot;

import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.RunExecutor.Entry;
import io.github.litestow.run.mark.SnapshotMark;
import io.github.litestow.run.prune.PruneRun;
import io.github.litestow.sqlite.FileStamp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Starts snapshots and verifications: each is one run, whoever asks. Safe for concurrent use. */
@ApplicationScoped
public class Snapshots {
    private static final Logger LOG = Logger.getLogger(Snapshots.class);
    private static final Duration VERIFICATION_TIMEOUT = Duration.ofDays(1);

    private final RunExecutor runs;
    private final Litestream litestream;
    private final Clock clock;

    public Snapshots(RunExecutor runs, Litestream litestream, Clock clock) {
        this.runs = runs;
        this.litestream = litestream;
        this.clock = clock;
    }

    /** Runs a snapshot to its end and returns how it ended. */
    public RunRecord snapshot(Database database, SnapshotRequest request) {
        return snapshot(database, request, Entry.ORDINARY);
    }

    /** As above; {@code begun} gets the run's id as soon as it has the database. */
    public RunRecord snapshot(Database database, SnapshotRequest request, Consumer<String> begun) {
        return snapshot(database, request, Entry.announcedTo(begun));
    }

    /** Takes a last snapshot after runs were stopped; whoever else asks for one is turned away. */
    public RunRecord last(Database database, SnapshotRequest request) {
        return snapshot(database, request, Entry.LAST);
    }

    private RunRecord snapshot(Database database, SnapshotRequest request, Entry entry) {
        Duration timeout =
                request.timeout().orElse(database.settings().snapshot().timeout());
        return runs.execute(database, Operation.SNAPSHOT, request.trigger(), timeout, entry, context -> {
            if (request.mark().isPresent()) {
                request.mark().get().refuseTaken(context);
            }
            Instant began = clock.instant();
            Optional<FileStamp> before = QuietCheck.before(database);
            Outcome outcome = new SnapshotRun(context, request, litestream, clock).run();
            QuietCheck.remember(database, before, began, outcome);
            if (request.mark().isPresent()) {
                mark(context, outcome, request.mark().get());
            }
            if (wroteToReplica(outcome)) {
                PruneRun.after(context, litestream, clock);
            }
            return outcome;
        });
    }

    /** Before anything is pruned. Of an offloaded database the newest point is what there is. */
    private static void mark(RunContext context, Outcome outcome, SnapshotMark mark) throws Failure {
        DatabaseState state = context.database().journal().state();
        Optional<RestorePoint> point = outcome.which() == Outcome.Case.NOTHING_TO_SNAPSHOT && state.offloaded()
                ? state.newest()
                : outcome.restorePoint();
        if (point.isEmpty()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "there is nothing to label or pin: " + outcome.words(),
                    "`list` shows the restore points; `label` and `pin` mark one that is there.");
        }
        mark.put(context, point.get());
    }

    /**
     * Looks whether the replica is the one that the record here speaks of, and ends where that says. If not, a
     * verification finds out what that means and says so; nothing is deleted. One that does not answer contradicts
     * nothing.
     */
    public void look(Database database, String trigger) {
        try {
            if (ReplicaLook.contradicts(database)) {
                verify(database, trigger);
            }
        } catch (Failure e) {
            LOG.debugf("%s: the replica could not be looked at: %s", database.name(), e.getMessage());
        }
    }

    private static boolean wroteToReplica(Outcome outcome) {
        return outcome.which() == Outcome.Case.OFFLOADED || outcome.which() == Outcome.Case.SNAPSHOTTED;
    }

    /** Runs a verification to its end and returns how it ended. */
    public RunRecord verify(Database database, String trigger) {
        return verify(database, trigger, Entry.ORDINARY.begun());
    }

    /** As above; {@code begun} gets the run's id as soon as it has the database. */
    public RunRecord verify(Database database, String trigger, Consumer<String> begun) {
        return runs.execute(
                database,
                Operation.VERIFY,
                trigger,
                VERIFICATION_TIMEOUT,
                Entry.announcedTo(begun),
                context -> new VerificationRun(context, litestream, clock).run());
    }
}
