package io.github.litestow.store.s3;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says what trouble with S3 means: exception in, {@link Failure} out. The server's own words are
 * quoted as far as they hold no secret.
 */
final class S3Failures {
    private static final Set<String> KEYS = Set.of(
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidClientTokenId",
            "InvalidIdentityToken",
            "UnrecognizedClientException",
            "RequestExpired",
            "InvalidSecurity");
    private static final Set<String> THROTTLED = Set.of(
            "SlowDown",
            "ServiceUnavailable",
            "Throttling",
            "ThrottlingException",
            "TooManyRequests",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded");
    private static final Set<String> ELSEWHERE = Set.of(
            "PermanentRedirect",
            "TemporaryRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException");
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([A-Za-z0-9-]+)'");

    private static final String KEYS_HINT = "Check LITESTREAM_ACCESS_KEY_ID, LITESTREAM_SECRET_ACCESS_KEY and"
            + " LITESTOW_SESSION_TOKEN, or without them the AWS default credential chain.";
    private static final String NO_STORE_HINT =
            "Check LITESTOW_S3_ENDPOINT and LITESTOW_S3_FORCE_PATH_STYLE: it must be the address of the S3 API, not of"
                    + " a console, a login page or a proxy.";
    private static final int MOST_WORDS = 300;

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

    /** What was asked of the store, and the permission that it needs. */
    enum Verb {
        /** ListObjectsV2. */
        LIST("list", "s3:ListBucket on the bucket"),
        /** GetObject. */
        READ("read from", "s3:GetObject on the replica's path"),
        /** PutObject. */
        WRITE("write to", "s3:PutObject on the replica's path"),
        /** DeleteObject. */
        DELETE("delete from", "s3:DeleteObject on the replica's path");

        private final String word;
        private final String permission;

        Verb(String word, String permission) {
            this.word = word;
            this.permission = permission;
        }
    }

    /** Returns what was tried, the beginning of every message. */
    String what(Verb verb) {
        return "cannot " + verb.word + " " + url + " at " + endpoint;
    }

    /** Returns the failure of an answer that looks well and is none of an object store. */
    Failure strange(Verb verb, String why) {
        return new Failure(
                FailureKind.REPLICA_UNREACHABLE,
                what(verb) + ": what answers is no object store (" + why + ")",
                NO_STORE_HINT);
    }

    /** Returns the failure of a store that does not show what it acknowledged. */
    Failure forgetful(Verb verb, String why) {
        return new Failure(
                FailureKind.PROOF_FAILED,
                what(verb) + ": " + why,
                "The store does not keep what it acknowledges; do not rely on it.");
    }

    /** Returns what an exception of the SDK means. */
    Failure of(Verb verb, SdkException e) {
        return e instanceof AwsServiceException answer ? refused(verb, answer) : unanswered(verb, e);
    }

    /** Returns the store's own code for its error; empty when it gave none. */
    static String code(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private Failure refused(Verb verb, AwsServiceException e) {
        String code = code(e);
        int status = e.statusCode();
        String words = words(e);
        if (KEYS.contains(code)) {
            return failure(FailureKind.ACCESS_DENIED, verb, words, KEYS_HINT, e);
        }
        if (code.equals("RequestTimeTooSkewed")) {
            String hint = "The clock of this host and that of the store differ too much: set the clock.";
            return failure(FailureKind.ACCESS_DENIED, verb, words, hint, e);
        }
        if (code.equals("NoSuchBucket") || code.equals("InvalidBucketName")) {
            String hint = "Create the bucket, or correct REPLICA_URL. Litestow creates no buckets.";
            return failure(FailureKind.REPLICA_MISSING, verb, words, hint, e);
        }
        if (THROTTLED.contains(code) || status == 429 || status == 503) {
            String hint = "The store asks for fewer requests: snapshot less often, or ask for a higher limit.";
            return failure(FailureKind.THROTTLED, verb, words, hint, e);
        }
        Optional<String> region = region(e);
        boolean pointed = region.isPresent() && (status == 301 || status == 307 || status == 400);
        if (ELSEWHERE.contains(code) || pointed) {
            String hint = region.map(name -> "Set LITESTOW_S3_REGION=" + name + ": the bucket is there.")
                    .orElse("Check LITESTOW_S3_REGION and LITESTOW_S3_ENDPOINT: the bucket is elsewhere.");
            return failure(FailureKind.REPLICA_UNREACHABLE, verb, words, hint, e);
        }
        if (status == 401 || status == 403) {
            String hint = "The keys need " + verb.permission + " (docs/storage.md has the whole policy).";
            return failure(FailureKind.ACCESS_DENIED, verb, words, hint, e);
        }
        return failure(FailureKind.REPLICA_UNREACHABLE, verb, words, NO_STORE_HINT, e);
    }

    private Failure unanswered(Verb verb, SdkException e) {
        Optional<IOException> io = ioCause(e);
        boolean late = e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException;
        String words = late
                ? "no answer in time"
                : masked(io.map(ErrorText::of).orElseGet(() -> String.valueOf(e.getMessage())));
        String hint = "Check LITESTOW_S3_ENDPOINT, that the store runs, and the network.";
        if (io.isPresent() && io.get() instanceof UnknownHostException) {
            hint = "Check LITESTOW_S3_ENDPOINT and the name server. A store without a host name per bucket needs"
                    + " LITESTOW_S3_FORCE_PATH_STYLE=true.";
        } else if (io.isPresent() && io.get() instanceof SSLException) {
            hint =
                    "Check that LITESTOW_S3_ENDPOINT speaks TLS and has the right name. For a private authority, name its"
                            + " PEM file in SSL_CERT_FILE.";
        } else if (io.isEmpty() && words.contains("credentials")) {
            return failure(FailureKind.ACCESS_DENIED, verb, words, KEYS_HINT, e);
        } else if (io.isEmpty() && (words.contains("parse") || words.contains("unmarshall"))) {
            return failure(FailureKind.REPLICA_UNREACHABLE, verb, words, NO_STORE_HINT, e);
        } else if (io.isPresent()
                && !(io.get() instanceof ConnectException)
                && !(io.get() instanceof NoRouteToHostException)) {
            hint = "Try again; if it stays, check the network and the store's own log.";
        }
        return failure(FailureKind.REPLICA_UNREACHABLE, verb, words, hint, e);
    }

    private Failure failure(FailureKind kind, Verb verb, String words, String hint, SdkException e) {
        // A cause may be logged with its own words, so it goes along only without secrets in them.
        SdkException cause = holdsSecret(e) ? null : e;
        return new Failure(kind, what(verb) + ": " + words, hint, cause);
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
        if (header.isPresent()) {
            return header;
        }
        Matcher expected = EXPECTED_REGION.matcher(String.valueOf(details.errorMessage()));
        return expected.find() ? Optional.of(expected.group(1)) : Optional.empty();
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
        return masked.length() > MOST_WORDS ? masked.substring(0, MOST_WORDS) + "…" : masked;
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
