package io.github.litestow.store.s3;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.StoreRequest;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Sends one request to S3 at a time, and waits no longer than trouble may stay unnamed. */
final class S3Calls {
    /** Above the SDK's own limit of a call, below the 10 s within which trouble is named. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(6);

    private static final int NOT_FOUND = 404;

    private final S3Connection connection;
    private final S3Failures failures;

    S3Calls(S3Connection connection, S3Failures failures) {
        this.connection = connection;
        this.failures = failures;
    }

    /** Returns the answer; every error is a failure. */
    <T> T call(StoreRequest request, Function<S3Client, T> question) throws Failure {
        try {
            return attempt(request, question);
        } catch (SdkException e) {
            throw failures.of(request, e);
        }
    }

    /**
     * Returns the answer, for callers to whom some errors mean something else.
     *
     * @throws SdkException as the SDK throws it
     */
    <T> T attempt(StoreRequest request, Function<S3Client, T> question) throws Failure {
        return attempt(request, CALL_TIMEOUT, question);
    }

    /** As above, for what may take longer than a small request. */
    <T> T attempt(StoreRequest request, Duration most, Function<S3Client, T> question) throws Failure {
        S3Client client = connection.client();
        try {
            return CallTimeout.within(most, failures.what(request), () -> question.apply(client));
        } catch (RuntimeException e) {
            throw asSdk(e);
        }
    }

    /**
     * Returns an exception of the SDK for what its HTTP client lets through as it is: a connection that breaks
     * before the body of a write is sent, and one that the JDK loses while it is given up (a {@code
     * NullPointerException} of its own; aws-sdk-java-v2 #6894, which 2.41 does not have).
     */
    static RuntimeException asSdk(RuntimeException e) {
        return e instanceof UncheckedIOException || e.getCause() instanceof NullPointerException
                ? SdkClientException.create("the connection was lost: " + e.getMessage(), e)
                : e;
    }

    /** Returns whether an object is not there. Only an object store's own word counts: any web server answers 404. */
    static boolean missing(S3Exception e) {
        return e.statusCode() == NOT_FOUND && S3Failures.code(e).equals("NoSuchKey");
    }
}
