package io.github.litestow.store.s3;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.StoreError;
import io.github.litestow.outcome.StoreRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says what trouble with S3 means: exception in, {@link Failure} out. Kind and hint are those of
 * {@link StoreError}; the server's own words are quoted as far as they hold no secret.
 */
final class S3Failures {
    /** Enough of a store's own words to find them in its log. */
    private static final int MAX_WORDS = 300;
    /** What follows are names of classes of the SDK. */
    private static final String NO_KEYS = "Unable to load credentials from any of the providers";

    private static final int BAD_REQUEST = 400;

    private final String url;
    private final String endpoint;
    private final Set<String> secrets;

    /**
     * Creates it.
     *
     * @param url the replica's URL
     * @param endpoint what it is asked at
     * @param secrets what no message may hold
     */
    S3Failures(String url, String endpoint, Set<String> secrets) {
        this.url = url;
        this.endpoint = endpoint;
        this.secrets = secrets;
    }

    /** Returns what was tried, the beginning of every message. */
    String what(StoreRequest request) {
        return "cannot " + request.verb() + " " + url + " at " + endpoint;
    }

    /** Returns the failure of an answer that looks fine and is not an object store's. */
    Failure strange(StoreRequest request, String why) {
        return new Failure(
                StoreError.NO_STORE.kind(),
                what(request) + ": what answers is no object store (" + why + ")",
                StoreError.NO_STORE.hint());
    }

    /** Returns the failure of a store that does not show what it acknowledged. */
    Failure forgetful(StoreRequest request, String why) {
        return new Failure(
                FailureKind.PROOF_FAILED,
                what(request) + ": " + why,
                "The store does not keep what it acknowledges; do not rely on it.");
    }

    /** Returns the failure of a store whose conditional writes cannot be used. */
    Failure unconditional(String why) {
        return new Failure(
                FailureKind.REPLICA_UNREACHABLE,
                what(StoreRequest.WRITE) + ": the store has no working conditional writes: " + why,
                "If a proxy is in between, keep it from changing ETags (compression and rewriting do), or use the"
                        + " store's own endpoint. Without conditional writes only one service may use this replica.");
    }

    /** Returns what an exception of the SDK means. */
    Failure of(StoreRequest request, SdkException e) {
        return e instanceof AwsServiceException answer ? refused(request, answer) : unanswered(request, e);
    }

    /** Returns the store's own code for its error; empty when it gave none. */
    static String code(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private Failure refused(StoreRequest request, AwsServiceException e) {
        Optional<String> region = region(e);
        StoreError error = StoreError.of(e.statusCode(), code(e));
        if (error == StoreError.NO_STORE && e.statusCode() == BAD_REQUEST && region.isPresent()) {
            error = StoreError.ELSEWHERE;
        }
        return failure(error, request, region, words(e), e);
    }

    private Failure unanswered(StoreRequest request, SdkException e) {
        Optional<IOException> io = ioCause(e);
        boolean late = e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException;
        String words = late
                ? "no answer in time"
                : masked(io.map(ErrorText::of).orElseGet(() -> String.valueOf(e.getMessage())));
        StoreError error = late || io.isPresent() ? connection(io) : withoutConnection(words);
        return failure(error, request, Optional.empty(), words.startsWith(NO_KEYS) ? "no keys were found" : words, e);
    }

    private static StoreError connection(Optional<IOException> cause) {
        if (cause.isEmpty()) {
            return StoreError.NO_ANSWER;
        }
        IOException io = cause.get();
        if (io instanceof UnknownHostException) {
            return StoreError.UNKNOWN_HOST;
        }
        if (io instanceof SSLException) {
            return StoreError.TLS;
        }
        boolean silent = io instanceof ConnectException
                || io instanceof NoRouteToHostException
                || io instanceof SocketTimeoutException;
        return silent ? StoreError.NO_ANSWER : StoreError.CUT_OFF;
    }

    /** The SDK has one exception for both: it found no credentials, or no sense in an answer. */
    private static StoreError withoutConnection(String words) {
        if (words.contains("credentials")) {
            return StoreError.KEYS;
        }
        return words.contains("parse") || words.contains("unmarshall") ? StoreError.NO_STORE : StoreError.NO_ANSWER;
    }

    private Failure failure(
            StoreError error, StoreRequest request, Optional<String> region, String words, SdkException e) {
        // A cause may be logged with its own words, so it goes along only without secrets in them.
        SdkException cause = holdsSecret(e) ? null : e;
        return new Failure(error.kind(), what(request) + ": " + words, error.hint(Optional.of(request), region), cause);
    }

    private static Optional<IOException> ioCause(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return Optional.of(io);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> region(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        if (details == null) {
            return Optional.empty();
        }
        Optional<String> header = details.sdkHttpResponse() == null
                ? Optional.empty()
                : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
        return header.or(() -> StoreError.expectedRegion(String.valueOf(details.errorMessage())));
    }

    private String words(AwsServiceException e) {
        String code = code(e);
        String message =
                e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return masked("HTTP status " + e.statusCode() + (code.isEmpty() ? "" : " " + code)
                + (message == null || message.isBlank() ? "" : " (" + message + ")"));
    }

    private String masked(String words) {
        String masked = words;
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        masked = masked.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return masked.length() > MAX_WORDS ? masked.substring(0, MAX_WORDS) + "…" : masked;
    }

    private boolean holdsSecret(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause);
            if (secrets.stream().anyMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }
}
