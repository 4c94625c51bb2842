package io.github.litestow.engine;

import io.github.litestow.outcome.FailureKind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an error of litestream 0.5.17 can mean, in the order in which it is asked: an error of a disk
 * while a database is decoded speaks of both, and the disk is the cause.
 */
enum EngineError {
    KEYS(
            FailureKind.ACCESS_DENIED,
            "SignatureDoesNotMatch|InvalidAccessKeyId|ExpiredToken|InvalidToken|InvalidClientTokenId|RequestExpired"
                    + "|failed to refresh cached credentials|get credentials|no EC2 IMDS role found"
                    + "|could not find default credentials",
            "Check LITESTREAM_ACCESS_KEY_ID and LITESTREAM_SECRET_ACCESS_KEY, or the AWS default credential chain."),
    CLOCK(
            FailureKind.ACCESS_DENIED,
            "RequestTimeTooSkewed",
            "The clock of this host and that of the replica differ too much: set the clock."),
    DENIED(
            FailureKind.ACCESS_DENIED,
            "AccessDenied|AllAccessDisabled|StatusCode: 40[13]\\b|AuthorizationFailure|AuthenticationFailed",
            "The keys need ListBucket on the bucket, and GetObject, PutObject and DeleteObject on the replica's path."),
    NO_BUCKET(
            FailureKind.REPLICA_MISSING,
            "NoSuchBucket|ContainerNotFound|bucket does not exist",
            "Create the bucket, or correct REPLICA_URL. Litestow creates no buckets."),
    THROTTLED(
            FailureKind.THROTTLED,
            "SlowDown|TooManyRequests|RequestLimitExceeded|Throttl|StatusCode: (?:429|503)\\b",
            "The replica's store asks for fewer requests: snapshot less often, or ask for a higher limit."),
    WRONG_REGION(
            FailureKind.REPLICA_UNREACHABLE,
            "PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|StatusCode: 30\\d\\b",
            "Check LITESTOW_S3_REGION, LITESTOW_S3_ENDPOINT and LITESTOW_S3_FORCE_PATH_STYLE: the bucket is elsewhere."),
    VANISHED(
            FailureKind.PROOF_FAILED,
            "NoSuchKey|BlobNotFound",
            "A file of the replica vanished meanwhile: look for a lifecycle rule of the bucket or a second Litestow."),
    NO_STORE(
            FailureKind.REPLICA_UNREACHABLE,
            "StatusCode: (?:404|405|5\\d\\d)\\b|deserialization failed|no ETag returned|XML syntax error|invalid character '<'",
            "What answered is no object store, or a broken one: check LITESTOW_S3_ENDPOINT."),
    NO_CONNECTION(
            FailureKind.REPLICA_UNREACHABLE,
            "connection refused|connection reset|no such host|i/o timeout|TLS handshake|tls: |x509: "
                    + "|network is unreachable|no route to host|context deadline exceeded|request send failed|StatusCode: 0\\b"
                    + "|server misbehaving|HTTP response to HTTPS client|broken pipe",
            "Check LITESTOW_S3_ENDPOINT, the network, and the certificate (SSL_CERT_FILE names another authority)."),
    LOCKED(
            FailureKind.BUSY,
            "database is locked|SQLITE_BUSY|database table is locked",
            "Another process is writing without a pause or holds a lock: try again, or shorten its transactions."),
    DISK(
            FailureKind.DISK,
            "no space left on device|disk quota exceeded|read-only file system|input/output error|too many open files"
                    + "|disk full|disk I/O error|database or disk is full|file too large|readonly database",
            "Check free space, quota, owner and mode of the file and its folder, and the disk."),
    NOT_PERMITTED(
            FailureKind.DISK,
            "permission denied|operation not permitted|unable to open database file",
            "Litestow must be able to read and write the database, its folder, and the folder of the output."),
    REPLICA_NOT_PERMITTED(
            FailureKind.ACCESS_DENIED, "", "Litestow must be able to read and write the replica's folder."),
    NO_FOLDER(
            FailureKind.DISK,
            "not a directory|is a directory",
            "There is a file where a folder should be, or a folder in place of a file."),
    REPLICA_NO_FOLDER(FailureKind.REPLICA_MISSING, "", "REPLICA_URL must name a folder, and not a file."),
    OCCUPIED(
            FailureKind.REFUSED,
            "path already exists",
            "Litestow restores over nothing: restore to another name, or move the file away."),
    BAD_TXID(
            FailureKind.SETTINGS,
            "invalid txid format",
            "A transaction is named by 16 hexadecimal digits, see `list`."),
    BAD_URL(
            FailureKind.SETTINGS,
            "unknown replica type|unsupported replica URL scheme|required for \\w+ replica|must specify at least one replica",
            "Correct REPLICA_URL: s3://bucket/path, file:///path, or another scheme of litestream."),
    NOT_A_DATABASE(
            FailureKind.SOURCE_DAMAGED,
            "file is not a database|disk image is malformed|malformed database",
            "The local database is damaged. Restore the newest good point with `restore --replace`."),
    NO_BACKUP(
            FailureKind.REPLICA_MISSING,
            "no matching backup files|no backups found|no snapshots|timestamp does not exist|transaction not available",
            "Check REPLICA_URL, and with `list` what the replica holds."),
    NO_POSITION(
            FailureKind.REPLICA_UNREACHABLE,
            "no position, waiting for data",
            "What was uploaded is not there: what answers at LITESTOW_S3_ENDPOINT may be no object store."),
    DATABASE_GONE(
            FailureKind.SOURCE_DAMAGED,
            "",
            "The database vanished before it was replicated; `restore` brings it back."),
    DAMAGED(
            FailureKind.PROOF_FAILED,
            "checksum mismatch|integrity check|decode database|decode header|decode page|invalid ltx file"
                    + "|non-contiguous|unexpected EOF|lz4: |missing WAL|missing ltx|invalid page size",
            "What lies at the replica is damaged or incomplete: restore an earlier point, see `list` and --fallback."),
    INCOMPLETE(
            FailureKind.PROOF_FAILED,
            "",
            "A file of the replica is missing, or there never was such a transaction: see `list`, restore another point."),
    UNKNOWN(
            FailureKind.INTERNAL,
            "",
            "Please report this with the message at https://github.com/benbjohnson/litestream/issues or to Litestow.");

    final FailureKind kind;
    final String hint;
    private final Optional<Pattern> words;

    EngineError(FailureKind kind, String words, String hint) {
        this.kind = kind;
        this.hint = hint;
        this.words = words.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(words, Pattern.CASE_INSENSITIVE));
    }

    /** Returns the first meaning whose words stand in the error, else {@link #UNKNOWN}. */
    static EngineError of(String error) {
        for (EngineError meaning : values()) {
            if (meaning.words.isPresent() && meaning.words.get().matcher(error).find()) {
                return meaning;
            }
        }
        return UNKNOWN;
    }
}
