package io.github.litestow.http;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunInProgress;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Begins runs for requests. Each works on a thread of its own, of which there is one per database at
 * the most: behind others' runs its request would wait, and it waits only until it is known whether
 * its run begins.
 */
@ApplicationScoped
public class Actions {
    /** What the record of such a run names as its trigger. */
    static final String TRIGGER = "http";
    /** The same of a restore that writes no copy. */
    private static final String IN_PLACE = "http, in place";

    private static final Logger LOG = Logger.getLogger(Actions.class);

    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final Restores restores;

    /** Wires them. */
    public Actions(RunExecutor runs, Snapshots snapshots, Restores restores) {
        this.runs = runs;
        this.snapshots = snapshots;
        this.restores = restores;
    }

    /** Begins a snapshot as cron would; returns the run's id. */
    String snapshot(Database database, SnapshotRequest request) {
        requireRestored(database);
        return begin(database, begun -> snapshots.snapshot(database, request, begun));
    }

    /** Begins a verification; returns the run's id. */
    String verification(Database database) {
        requireRestored(database);
        return begin(database, begun -> snapshots.verify(database, TRIGGER, begun));
    }

    /**
     * Begins a restore into a new file, or of a database that is missing to its place; returns the run's id.
     *
     * @param most how long to wait for its end
     */
    String restore(Database database, RestoreOrder order, Duration most) {
        RestoreRequest request = order.inPlace()
                ? RestoreRequest.inPlace(IN_PLACE, order.point())
                : RestoreRequest.aside(TRIGGER, order.point());
        return begin(database, begun -> restores.restore(database, request, begun), most);
    }

    static void requireRestored(Database database) {
        if (!database.ready()) {
            throw busy("The database has not been restored yet. Ask again when /q/health/ready is up.");
        }
    }

    private String begin(Database database, Function<Consumer<String>, RunRecord> run) {
        return begin(database, run, Duration.ZERO);
    }

    private String begin(Database database, Function<Consumer<String>, RunRecord> run, Duration most) {
        CompletableFuture<String> begun = new CompletableFuture<>();
        CountDownLatch ended = new CountDownLatch(1);
        DaemonThreads.start("http " + database.name(), () -> {
            try {
                RunRecord end = run.apply(begun::complete);
                // Too late for one that began.
                begun.completeExceptionally(refusal(database, end.result()));
            } catch (RuntimeException e) {
                LOG.errorf(e, "%s: defect in a run asked for over HTTP", database.name());
                begun.completeExceptionally(e);
            } finally {
                ended.countDown();
            }
        });
        try {
            String id = begun.join();
            if (ended.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debugf("%s: %s ended while its caller waited", database.name(), id);
            }
            return id;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return begun.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException trouble ? trouble : e;
        }
    }

    private Refused refusal(Database database, Outcome outcome) {
        if (runs.stopping()) {
            return new Refused(
                    Response.Status.SERVICE_UNAVAILABLE,
                    FailureKind.BUSY,
                    "The service is stopping and begins no run.");
        }
        Optional<FailureKind> trouble =
                outcome.failure().map(Outcome.Failed::kind).filter(kind -> kind != FailureKind.BUSY);
        if (trouble.isPresent()) {
            return new Refused(
                    Response.Status.INTERNAL_SERVER_ERROR,
                    trouble.get(),
                    "The run could not begin. The log says why and what to do.");
        }
        Optional<RunInProgress> working = database.currentRun().own();
        return busy("Another run is working on this database"
                + working.map(other -> " (" + other.words() + ")").orElse("") + ". Ask again when it has ended.");
    }

    private static Refused busy(String detail) {
        return new Refused(Response.Status.CONFLICT, FailureKind.BUSY, detail);
    }
}
