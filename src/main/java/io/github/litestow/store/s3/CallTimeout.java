package io.github.litestow.store.s3;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for a call on a thread that does nothing else meanwhile, and no longer than told. The SDK's timeouts do not
 * reach a name server that does not answer, nor the services behind the default credential chain.
 */
final class CallTimeout {

    private CallTimeout() {}

    /**
     * Returns what the call returns; what it throws unchecked comes out as it is.
     *
     * @param what what the call does, for messages
     * @throws Failure {@code REPLICA_UNREACHABLE} when it takes longer, {@code TIMEOUT} when this
     *     thread is interrupted
     */
    static <T> T within(Duration limit, String what, Supplier<T> call) throws Failure {
        try {
            return DaemonThreads.within(limit, "replica call", call::get);
        } catch (TimeoutException e) {
            throw new Failure(
                    FailureKind.REPLICA_UNREACHABLE,
                    what + ": no answer within " + limit.toSeconds() + " s",
                    "Check the network, the name server, LITESTOW_S3_ENDPOINT, and, without configured keys, what the"
                            + " AWS default credential chain asks.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.TIMEOUT, what + ": stopped before it was done", "Run it again.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a supplier throws nothing checked", e);
        }
    }
}
