package io.github.litestow.outcome;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a replica's store, or the way to it, can have against a request: the one table of kinds and
 * hints, whoever asked. Our own client finds its row by exception, the engine by its words; what the
 * store answered itself, a status and a code, both look up here.
 *
 * <p>A code outranks the status, and only an object store's own code speaks of buckets and objects:
 * any web server answers 404.
 */
public enum StoreError {
    /** The keys, or the token that belongs to them, are wrong or no longer valid. */
    KEYS(
            FailureKind.ACCESS_DENIED,
            "Check LITESTREAM_ACCESS_KEY_ID, LITESTREAM_SECRET_ACCESS_KEY and LITESTOW_SESSION_TOKEN, or without them"
                    + " the AWS default credential chain.",
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
            "InvalidSecurity"),
    /** The store does not believe signatures of another time. */
    CLOCK(
            FailureKind.ACCESS_DENIED,
            "The clock of this host and that of the store differ too much: set the clock.",
            "RequestTimeTooSkewed"),
    /** The keys are right, and not allowed to do this. */
    DENIED(
            FailureKind.ACCESS_DENIED,
            "The keys need {permission} (docs/storage.md has the whole policy).",
            "AccessDenied",
            "AuthorizationFailure",
            "AuthenticationFailed"),
    /** Nobody may use the account or the bucket for now. */
    SUSPENDED(
            FailureKind.ACCESS_DENIED,
            "The account behind the keys, or the bucket, is suspended: see the provider's console.",
            "AllAccessDisabled",
            "AccountProblem",
            "NotSignedUp",
            "UserSuspended"),
    /** There is no room for another object. */
    FULL(
            FailureKind.ACCESS_DENIED,
            "The store is full, or the quota of the bucket or the account is used up: make room, or raise it.",
            "QuotaExceeded",
            "QuotaExceededException",
            "InsufficientStorage",
            "InsufficientCapacity",
            "XMinioStorageFull",
            "XMinioAdminBucketQuotaExceeded"),
    /** The key that encrypts the bucket's objects cannot be used. */
    ENCRYPTION(
            FailureKind.ACCESS_DENIED,
            "The key that encrypts the bucket cannot be used: enable it, and let the keys of the replica use it"
                    + " (kms:GenerateDataKey and kms:Decrypt).",
            "KMS.DisabledException",
            "KMS.InvalidKeyUsageException",
            "KMS.InvalidStateException",
            "KMS.KMSInvalidStateException",
            "KMS.NotFoundException"),
    /** A lifecycle rule moved a file to where it cannot be read at once. */
    ARCHIVED(
            FailureKind.ACCESS_DENIED,
            "A file of the replica was moved to an archive: bring it back, and end the lifecycle rule that moves it.",
            "InvalidObjectState"),
    /** The bucket does not exist. */
    NO_BUCKET(
            FailureKind.REPLICA_MISSING,
            "Create the bucket, or correct REPLICA_URL. Litestow creates no buckets.",
            "NoSuchBucket",
            "InvalidBucketName",
            "ContainerNotFound"),
    /** A file that was listed is no longer there. */
    VANISHED(
            FailureKind.PROOF_FAILED,
            "A file of the replica vanished in the meantime: look for a lifecycle rule of the bucket or a second Litestow.",
            "NoSuchKey",
            "BlobNotFound"),
    /** The store asks to slow down. */
    THROTTLED(
            FailureKind.THROTTLED,
            "The store asks for fewer requests: snapshot less often, or ask for a higher limit.",
            "SlowDown",
            "SlowDownRead",
            "SlowDownWrite",
            "Throttling",
            "ThrottlingException",
            "KMS.ThrottlingException",
            "TooManyRequests",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "ServerBusy"),
    /** "Not now", from the store or from a proxy in front of it. */
    UNAVAILABLE(
            FailureKind.THROTTLED,
            "The store, or a proxy in front of it, can take no request now: try again later; if it stays, see the log"
                    + " of both.",
            "ServiceUnavailable",
            "XMinioServerNotInitialized"),
    /** The bucket is in another region, or behind another endpoint. */
    ELSEWHERE(
            FailureKind.REPLICA_UNREACHABLE,
            "Check LITESTOW_S3_REGION, LITESTOW_S3_ENDPOINT and LITESTOW_S3_FORCE_PATH_STYLE: the bucket is elsewhere.",
            "PermanentRedirect",
            "TemporaryRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException"),
    /** The store knows the request and cannot do it. */
    UNSUPPORTED(
            FailureKind.REPLICA_UNREACHABLE,
            "The store lacks a part of the S3 API that a replica needs: docs/storage.md names stores that have it.",
            "NotImplemented"),
    /** The store, or a proxy in front of it, failed. */
    BROKEN(
            FailureKind.REPLICA_UNREACHABLE,
            "The store, or a proxy in front of it, has an error of its own: try again; if it stays, see the log of"
                    + " both, and check LITESTOW_S3_ENDPOINT.",
            "InternalError",
            "BadGateway",
            "GatewayTimeout"),
    /** What answers does not answer as an object store does. */
    NO_STORE(
            FailureKind.REPLICA_UNREACHABLE,
            "Check LITESTOW_S3_ENDPOINT and LITESTOW_S3_FORCE_PATH_STYLE: it must be the address of the S3 API, not of"
                    + " a console, a login page or a proxy."),
    /** The endpoint's name leads to no address. */
    UNKNOWN_HOST(
            FailureKind.REPLICA_UNREACHABLE,
            "Check LITESTOW_S3_ENDPOINT and the name server. A store without a host name per bucket needs"
                    + " LITESTOW_S3_FORCE_PATH_STYLE=true."),
    /** The endpoint speaks no TLS, or shows a certificate that is not believed. */
    TLS(
            FailureKind.REPLICA_UNREACHABLE,
            "Check that LITESTOW_S3_ENDPOINT speaks TLS and has the right name. For a private authority, name its PEM"
                    + " file in SSL_CERT_FILE."),
    /** Nobody answers at the endpoint. */
    NO_ANSWER(FailureKind.REPLICA_UNREACHABLE, "Check LITESTOW_S3_ENDPOINT, that the store runs, and the network."),
    /** A connection that was there broke, or dried up. */
    CUT_OFF(
            FailureKind.REPLICA_UNREACHABLE,
            "Try again; if it stays, check the network and the store's own log.",
            "RequestTimeout");

    private static final String PERMISSION = "{permission}";
    private static final String ALL_PERMISSIONS =
            "s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on the replica's path";
    private static final String ENCRYPTION_FAMILY = "KMS.";
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([A-Za-z0-9-]+)'");

    private final FailureKind kind;
    private final String hint;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> codes;

    StoreError(FailureKind kind, String hint, String... codes) {
        this.kind = kind;
        this.hint = hint;
        this.codes = Set.of(codes);
    }

    /**
     * Returns what an answer means that reports an error.
     *
     * @param status the HTTP status
     * @param code the store's own code; empty when it gave none
     */
    public static StoreError of(int status, String code) {
        return ofCode(code).orElseGet(() -> ofStatus(status));
    }

    /** Returns what a code means, by itself; empty when it is in no row. */
    public static Optional<StoreError> ofCode(String code) {
        Optional<StoreError> known =
                Arrays.stream(values()).filter(row -> row.codes.contains(code)).findFirst();
        return known.or(() -> code.startsWith(ENCRYPTION_FAMILY) ? Optional.of(ENCRYPTION) : Optional.empty());
    }

    private static StoreError ofStatus(int status) {
        return switch (status) {
            case 301, 307, 308 -> ELSEWHERE;
            case 401, 403 -> DENIED;
            case 429 -> THROTTLED;
            case 500, 502, 504 -> BROKEN;
            case 501 -> UNSUPPORTED;
            case 503 -> UNAVAILABLE;
            case 507 -> FULL;
            default -> NO_STORE;
        };
    }

    /** Returns the region that a store's message says the bucket is in, if it says so. */
    public static Optional<String> expectedRegion(String message) {
        Matcher region = EXPECTED_REGION.matcher(message);
        return region.find() ? Optional.of(region.group(1)) : Optional.empty();
    }

    /** Returns every code that means this. */
    public Set<String> codes() {
        return codes;
    }

    /** Returns every code in the table. */
    public static Set<String> allCodes() {
        return Arrays.stream(values()).flatMap(row -> row.codes.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the kind of failure that this is. */
    public FailureKind kind() {
        return kind;
    }

    /** Returns what to do next, as far as that does not depend on the request. */
    public String hint() {
        return hint(Optional.empty(), Optional.empty());
    }

    /**
     * Returns what to do next.
     *
     * @param request what was asked, if that is known: it decides which permission is missing
     * @param region the region that the store says the bucket is in, if it says so
     */
    public String hint(Optional<StoreRequest> request, Optional<String> region) {
        if (this == ELSEWHERE && region.isPresent()) {
            return "Set LITESTOW_S3_REGION=" + region.get() + ": the bucket is there.";
        }
        return hint.replace(PERMISSION, request.map(StoreRequest::permission).orElse(ALL_PERMISSIONS));
    }
}
