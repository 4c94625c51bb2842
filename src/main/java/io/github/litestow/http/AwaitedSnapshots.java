package io.github.litestow.http;

import io.github.litestow.config.Durations;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.SnapshotMark;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Snapshots that somebody waits for: whose restore point holds everything that was committed before the
 * request. A run that works already may have looked before that, so another one follows it. Each who waits
 * holds a thread, so few may. Safe for concurrent use.
 */
@ApplicationScoped
public class AwaitedSnapshots {
    private static final Logger LOG = Logger.getLogger(AwaitedSnapshots.class);
    private static final int MAX_WAITING = 8;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 50;

    private final Snapshots snapshots;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    /** Wires it. */
    public AwaitedSnapshots(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * What a request that waits gets.
     *
     * @param id the run's id
     * @param ended whether it has ended; otherwise it goes on
     */
    record Awaited(String id, boolean ended) {}

    /**
     * Returns how long a request waits.
     *
     * @throws Refused when it is no such length
     */
    static Optional<Duration> length(String text) {
        if (text == null) {
            return Optional.empty();
        }
        Optional<Duration> length = Durations.parse(text)
                .filter(wait -> !wait.isNegative() && !wait.isZero() && wait.compareTo(LONGEST) <= 0);
        return Optional.of(length.orElseThrow(
                () -> Refused.malformed("wait is not a length up to ten minutes, such as PT30S or 30s.")));
    }

    /**
     * Returns the request of a snapshot.
     *
     * @throws Refused when the label cannot be one
     */
    static SnapshotRequest request(String label, String pin) {
        if (pin != null && !pin.equals("true") && !pin.equals("false")) {
            throw Refused.malformed("pin is neither true nor false.");
        }
        return request(label, Boolean.parseBoolean(pin));
    }

    private static SnapshotRequest request(String label, boolean pin) {
        SnapshotRequest request = SnapshotRequest.by(Actions.TRIGGER);
        if (label == null && !pin) {
            return request;
        }
        try {
            return request.marked(new SnapshotMark(Optional.ofNullable(label).map(PointLabel::of), pin));
        } catch (IllegalArgumentException wrong) {
            throw new Refused(
                    Response.Status.CONFLICT,
                    FailureKind.REFUSED,
                    "The label cannot be one. Accepted: " + PointLabel.ACCEPTED + ".");
        }
    }

    /**
     * Takes a snapshot and waits for its end.
     *
     * @throws Refused when it failed, or could not begin in that time
     */
    Awaited take(Database database, SnapshotRequest request, Duration wait) {
        if (!waiting.tryAcquire()) {
            throw Refused.later(
                    Response.Status.SERVICE_UNAVAILABLE,
                    FailureKind.BUSY,
                    "Too many requests wait for snapshots. Ask again in a moment, or without `wait`.",
                    Duration.ofSeconds(1));
        }
        try {
            Deadline deadline = new Deadline(System::nanoTime, wait);
            while (true) {
                Optional<Awaited> taken = attempt(database, request, deadline);
                if (taken.isPresent()) {
                    return taken.get();
                }
                if (deadline.left().isZero()) {
                    throw Refused.later(
                            Response.Status.GATEWAY_TIMEOUT,
                            FailureKind.BUSY,
                            "Another run works on the database, and no snapshot could begin in that time. Ask again.",
                            Duration.ofSeconds(1));
                }
                TimeUnit.MILLISECONDS.sleep(
                        Math.min(LOOK_MILLIS, deadline.left().toMillis() + 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts a request", e);
        } finally {
            waiting.release();
        }
    }

    /** Empty when another run has the database. */
    private Optional<Awaited> attempt(Database database, SnapshotRequest request, Deadline deadline)
            throws InterruptedException {
        if (database.currentRun().own().isPresent()) {
            return Optional.empty();
        }
        CompletableFuture<String> begun = new CompletableFuture<>();
        CompletableFuture<RunRecord> ended = new CompletableFuture<>();
        DaemonThreads.start("http " + database.name(), () -> {
            try {
                ended.complete(snapshots.snapshot(database, request, begun::complete));
            } catch (RuntimeException e) {
                LOG.errorf(e, "%s: defect in a run asked for over HTTP", database.name());
                ended.completeExceptionally(e);
            }
        });
        try {
            RunRecord end = ended.get(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
            Outcome result = end.result();
            if (result.skipReason().isPresent()) {
                return Optional.empty();
            }
            if (result.failure().isPresent()) {
                FailureKind kind = result.failure().get().kind();
                boolean busy = kind == FailureKind.BUSY && !begun.isDone();
                if (busy) {
                    return Optional.empty();
                }
                throw new Refused(
                        Response.Status.INTERNAL_SERVER_ERROR,
                        kind,
                        "The snapshot failed: " + kind.label() + ". The log says why and what to do.");
            }
            return Optional.of(new Awaited(end.id(), true));
        } catch (TimeoutException e) {
            return begun.isDone() ? Optional.of(new Awaited(begun.join(), false)) : Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run asked for over HTTP has a defect", e.getCause());
        }
    }
}
