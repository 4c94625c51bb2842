package io.github.litestow.engine;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.Held;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets at most so many engine processes move data at once, first come first served. A waiting one is
 * woken by its turn, its deadline or its cancellation, whichever is first; so an engine that hangs
 * costs the others no more than its own deadline. Large databases never have all the turns, unless there is
 * one only. Safe for concurrent use.
 */
final class EngineSlots {
    /** What takes an engine longer than others should have to wait. */
    private static final long LARGE = 256L << 20;

    private final int most;
    private final Optional<EngineSlots> large;
    private final Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private int taken;

    EngineSlots(int most) {
        this(most, most > 1 ? Optional.of(new EngineSlots(most - 1, Optional.empty())) : Optional.empty());
    }

    private EngineSlots(int most, Optional<EngineSlots> large) {
        this.most = most;
        this.large = large;
    }

    /**
     * Waits for a turn for a database of so many bytes, 0 if that is not known.
     *
     * @return what to close when the turn is over
     * @throws Failure as {@link #take(String, Deadline, Cancellation)}
     */
    Held take(long bytes, String command, Deadline deadline, Cancellation cancellation) throws Failure {
        if (bytes < LARGE || large.isEmpty()) {
            return take(command, deadline, cancellation);
        }
        Held amongLarge = large.get().take(command, deadline, cancellation);
        boolean got = false;
        try {
            Held turn = take(command, deadline, cancellation);
            got = true;
            return () -> {
                turn.close();
                amongLarge.close();
            };
        } finally {
            if (!got) {
                amongLarge.close();
            }
        }
    }

    /**
     * Waits for a turn.
     *
     * @return what to close when the turn is over
     * @throws Failure {@code TIMEOUT} when the deadline passes first, or the run is cancelled
     */
    Held take(String command, Deadline deadline, Cancellation cancellation) throws Failure {
        CompletableFuture<Boolean> turn = ask();
        boolean got = false;
        try (Cancellation.Registration registration = cancellation.onCancel(() -> turn.complete(false))) {
            got = turn.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            if (!got) {
                throw EngineFailures.cancelled(command);
            }
        } catch (TimeoutException e) {
            throw late(command, deadline.whole(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineFailures.cancelled(command);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing fails while it waits", e);
        } finally {
            if (!got) {
                giveUp(turn);
            }
        }
        return this::next;
    }

    private synchronized CompletableFuture<Boolean> ask() {
        CompletableFuture<Boolean> turn = new CompletableFuture<>();
        if (taken < most) {
            taken++;
            turn.complete(true);
        } else {
            waiting.add(turn);
        }
        return turn;
    }

    /** Hands the turn on to whoever waits longest and still wants it. */
    private synchronized void next() {
        while (!waiting.isEmpty()) {
            if (waiting.remove().complete(true)) {
                return;
            }
        }
        taken--;
    }

    /** Whoever gave up is passed over; a turn that came just then goes on. */
    private synchronized void giveUp(CompletableFuture<Boolean> turn) {
        if (!turn.complete(false) && turn.join()) {
            next();
        }
    }

    private Failure late(String command, Duration waited, TimeoutException cause) {
        return new Failure(
                FailureKind.TIMEOUT,
                "litestream " + command + " was not started: within its deadline of " + TimeText.limit(waited)
                        + " none of the others that upload or restore had ended, of which " + most
                        + " may work at once",
                "See with `status` what keeps the other databases, or raise LITESTOW_CONCURRENCY.",
                cause);
    }
}
