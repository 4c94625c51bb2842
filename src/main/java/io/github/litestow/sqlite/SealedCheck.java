package io.github.litestow.sqlite;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Has SQLite check a sealed database on a thread of its own, while another reads its pages. It uses the seal's
 * connection, which is nobody else's until this is closed. To be used by one thread.
 */
public final class SealedCheck implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMillis(10);

    private final Connection connection;
    private final CompletableFuture<Optional<String>> answer;

    SealedCheck(Path file, Connection connection, WorkLimit limit) {
        this.connection = connection;
        this.answer = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return DatabaseCheck.sealed(file, connection, limit);
                    } catch (Failure e) {
                        throw new Unsound(e);
                    }
                },
                work -> DaemonThreads.start("sealed check", work));
    }

    /**
     * Waits for the answer.
     *
     * @return whether there is one, which {@link #answer} returns at once
     */
    public boolean within(Duration most) {
        return answer.handle((found, failed) -> true)
                .completeOnTimeout(false, most.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    /**
     * Returns what {@link DatabaseCheck#quick} returns.
     *
     * @throws Failure as that throws
     */
    public Optional<String> answer() throws Failure {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Unsound unsound) {
                throw unsound.why;
            }
            throw e;
        }
    }

    /** Ends it, if it has not ended. */
    @Override
    public void close() {
        while (!answer.isDone()) {
            Connections.interrupt(connection);
            // What was interrupted may not have begun.
            within(AGAIN);
        }
    }

    /** Carries a failure out of the checking thread. */
    private static final class Unsound extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Failure why;

        Unsound(Failure why) {
            super(why);
            this.why = why;
        }
    }
}
