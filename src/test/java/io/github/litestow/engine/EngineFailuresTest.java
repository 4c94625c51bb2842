package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Deadline;
import io.github.litestow.engine.EngineFailures.Context;
import io.github.litestow.engine.EngineFailures.Operation;
import io.github.litestow.engine.EngineRun.Ending;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every message here was printed by litestream 0.5.17; paths and hosts are shortened. */
class EngineFailuresTest {
    private static final ConfiguredDatabase FILE = Given.fileReplica(Path.of("/data"), Path.of("/backup"));
    private static final ConfiguredDatabase S3 = Given.s3Replica(Path.of("/data"), "http://127.0.0.1:9000");
    private static final Deadline DEADLINE = new Deadline(() -> 0, Duration.ofMinutes(5));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        REPLICATE | ACCESS_DENIED       | sync replica for /data/db.sqlite: calc pos: max ltx file: operation error S3: ListObjectsV2, https response error StatusCode: 403, RequestID: 1, HostID: , api error SignatureDoesNotMatch: The request signature we calculated does not match
        LISTING   | ACCESS_DENIED       | operation error S3: ListObjectsV2, https response error StatusCode: 403, RequestID: 1, HostID: , api error InvalidAccessKeyId: The AWS Access Key Id you provided does not exist
        RESTORE   | ACCESS_DENIED       | get v0.3.x time bounds: s3: list generations: operation error S3: ListObjectsV2, https response error StatusCode: 403, RequestID: 1, HostID: , api error AccessDenied: Access Denied
        RESTORE   | ACCESS_DENIED       | get v0.3.x time bounds: s3: list generations: operation error S3: ListObjectsV2, https response error StatusCode: 400, RequestID: 1, HostID: , api error ExpiredToken: The provided token has expired.
        RESTORE   | ACCESS_DENIED       | operation error S3: ListObjectsV2, https response error StatusCode: 403, RequestID: , HostID: , api error Forbidden: Forbidden
        RESTORE   | ACCESS_DENIED       | get v0.3.x time bounds: s3: list generations: operation error S3: ListObjectsV2, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, access disabled to EC2 IMDS via client option
        REPLICATE | REPLICA_MISSING     | operation error S3: ListObjectsV2, https response error StatusCode: 404, RequestID: 1, HostID: , NoSuchBucket: The specified bucket does not exist
        LISTING   | THROTTLED           | operation error S3: ListObjectsV2, https response error StatusCode: 429, RequestID: 1, HostID: , api error TooManyRequests: x
        RESTORE   | THROTTLED           | operation error S3: ListObjectsV2, exceeded maximum number of attempts, 10, https response error StatusCode: 503, RequestID: 1, HostID: , api error SlowDown: Please reduce your request rate.
        RESTORE   | REPLICA_UNREACHABLE | operation error S3: ListObjectsV2, exceeded maximum number of attempts, 10, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Get "http://127.0.0.1:1/b?prefix=p": dial tcp 127.0.0.1:1: connect: connection refused
        RESTORE   | REPLICA_UNREACHABLE | operation error S3: ListObjectsV2, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Get "http://nowhere.invalid:9/b": dial tcp: lookup nowhere.invalid on 10.0.0.1:53: no such host
        RESTORE   | REPLICA_UNREACHABLE | operation error S3: ListObjectsV2, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Get "https://127.0.0.1:1/b": tls: first record does not look like a TLS handshake
        LISTING   | REPLICA_UNREACHABLE | operation error S3: ListObjectsV2, https response error StatusCode: 404, RequestID: , HostID: , api error NotFound: Not Found
        LISTING   | REPLICA_UNREACHABLE | operation error S3: ListObjectsV2, https response error StatusCode: 301, RequestID: 1, HostID: , api error PermanentRedirect: The bucket you are attempting to access must be addressed using the specified endpoint.
        REPLICATE | REPLICA_UNREACHABLE | sync replica for /data/db.sqlite: no position, waiting for data
        REPLICATE | BUSY                | sync database /data/db.sqlite: database is locked (5) (SQLITE_BUSY)
        REPLICATE | BUSY                | sync database /data/db.sqlite: ensure wal exists: database is locked (5)
        REPLICATE | DISK                | sync replica for /data/db.sqlite: write ltx file: write /backup/ltx/0/0000000000000001-0000000000000001.ltx.tmp: no space left on device
        REPLICATE | DISK                | sync database /data/db.sqlite: sync: stage-write ltx file /data/.db.sqlite-litestream/ltx/0/1.ltx.tmp: disk full: encode ltx frame (pgno=205): write page data: no space left on device
        RESTORE   | DISK                | decode database: write page 513: write /data/o.tmp: no space left on device
        RESTORE   | DISK                | create temp database path: open /data/o.tmp: read-only file system
        RESTORE   | DISK                | create temp database path: open /data/o.tmp: permission denied
        REPLICATE | DISK                | sync database /data/db.sqlite: attempt to write a readonly database (8)
        REPLICATE | DISK                | sync database /data/db.sqlite: set PERSIST_WAL: get connection: unable to open database file (14)
        REPLICATE | ACCESS_DENIED       | sync replica for /data/db.sqlite: write ltx file: mkdir /backup: permission denied
        LISTING   | ACCESS_DENIED       | open /backup/ltx/0: permission denied
        RESTORE   | REPLICA_MISSING     | get v0.3.x time bounds: open /backup/generations: not a directory
        REPLICATE | SOURCE_DAMAGED      | sync database /data/db.sqlite: file is not a database (26)
        REPLICATE | SOURCE_DAMAGED      | sync database /data/db.sqlite: database disk image is malformed (11)
        REPLICATE | SOURCE_DAMAGED      | sync database /data/db.sqlite: sync: write ltx from db: read database page 10: EOF
        REPLICATE | SOURCE_DAMAGED      | sync database /data/db.sqlite: sync: write ltx from db: read database page 10: unexpected EOF
        RESTORE   | PROOF_FAILED        | decode database: decode header: decode header for input 0: invalid page size: 43520
        RESTORE   | PROOF_FAILED        | decode database: unexpected error decoding after end of database: close reader 0: file checksum mismatch
        RESTORE   | PROOF_FAILED        | decode database: decode page 4: read page header 0: decompress block: lz4: invalid source or destination buffer too short
        RESTORE   | PROOF_FAILED        | decode database: decode page 1: read page header 0: read compressed data: unexpected EOF
        RESTORE   | PROOF_FAILED        | invalid ltx file: level=0 min=0000000000000001 max=0000000000000001 has size 50 bytes (minimum 100)
        RESTORE   | PROOF_FAILED        | cannot calc restore plan: non-contiguous ltx files: have up to 0000000000000001 but next file starts at 0000000000000003
        RESTORE   | REPLICA_MISSING     | no matching backup files available
        RESTORE   | REFUSED             | cannot restore, output path already exists and is not empty: /data/o. Use -force to overwrite
        RESTORE   | SETTINGS            | invalid value "zz" for flag -txid: invalid txid format
        REPLICATE | SETTINGS            | unknown replica type in config: "ftp"
        REPLICATE | REPLICA_UNREACHABLE | sync replica for /data/db.sqlite: write ltx file: s3: upload failed: no ETag returned
        RESTORE   | INTERNAL            | something nobody has seen before
        """)
    void what_the_engine_says_has_one_meaning(Operation operation, FailureKind kind, String error) {
        Failure failure = failure(
                operation,
                error.contains("S3") || error.contains("s3:") ? S3 : FILE,
                false,
                exited(1, "", "Error: " + error));
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage()).contains(error.substring(0, Math.min(100, error.length())));
        assertThat(failure.hint()).isNotBlank();
    }

    @Test
    void nothing_to_restore_can_be_told_from_other_things_missing() {
        Failure nothing =
                failure(Operation.RESTORE, FILE, false, exited(1, "", "Error: no matching backup files available"));
        Failure noBucket = failure(Operation.RESTORE, S3, false, exited(1, "", "Error: NoSuchBucket: gone"));
        assertThat(nothing.kind()).isEqualTo(FailureKind.REPLICA_MISSING);
        assertThat(nothing).hasMessageContaining("holds no backup");
        assertThat(noBucket.getMessage()).doesNotContain("holds no backup");
    }

    @Test
    void a_transaction_that_somebody_saw_and_that_is_incomplete_is_no_empty_replica() {
        Context context = new Context(Operation.RESTORE, FILE, Optional.of("000000000000001f"), false, Set.of());
        Failure failure =
                EngineFailures.of(context, exited(1, "", "Error: no matching backup files available"), DEADLINE);
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure).hasMessageContaining("000000000000001f");
    }

    @Test
    void a_database_that_is_gone_is_not_blamed_on_the_replica() {
        String error = "Error: sync replica for /data/db.sqlite: no position, waiting for data";
        Failure failure = failure(Operation.REPLICATE, S3, true, exited(1, "", error));
        assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_DAMAGED);
        assertThat(failure).hasMessageContaining("no database");
    }

    @Test
    void a_deadline_is_a_timeout_and_quotes_the_last_complaint() {
        String log = "level=INFO msg=a\nlevel=WARN msg=retrying error=\"put denied\"\nlevel=INFO msg=\"shut down\"";
        Failure failure = failure(Operation.REPLICATE, S3, false, new EngineRun(Ending.DEADLINE, 137, log, "", true));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure).hasMessageContaining("its deadline of 5 min").hasMessageContaining("put denied");
    }

    @Test
    void a_cancelled_run_says_that_it_was_stopped() {
        Failure failure = failure(Operation.REPLICATE, S3, false, new EngineRun(Ending.CANCELLED, 143, "", "", true));
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure).hasMessageContaining("was stopped");
    }

    @Test
    void a_silent_death_names_the_signal() {
        Failure failure = failure(Operation.RESTORE, FILE, false, exited(137, "", ""));
        assertThat(failure.kind()).isEqualTo(FailureKind.INTERNAL);
        assertThat(failure).hasMessageContaining("signal 9");
    }

    @Test
    void the_last_error_of_several_lines_is_quoted() {
        Failure failure = failure(
                Operation.RESTORE,
                FILE,
                false,
                exited(1, "level=INFO msg=x", "Error: first\nlevel=INFO\nError: decode database: row 1\nrow 2"));
        assertThat(failure.kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure).hasMessageContaining("row 1 row 2").hasMessageNotContainingAny("first", "level=INFO");
    }

    @Test
    void a_message_is_bounded_and_keeps_its_cause() {
        Failure failure = failure(
                Operation.RESTORE,
                FILE,
                false,
                exited(1, "", "Error: " + "x".repeat(5000) + " no space left on device"));
        assertThat(failure.kind()).isEqualTo(FailureKind.DISK);
        assertThat(failure.getMessage()).hasSizeLessThan(400).endsWith("no space left on device");
    }

    @Test
    void no_secret_is_quoted() {
        String error = "Error: put https://user:pass@host/x?X-Amz-Signature=abc123&prefix=p with " + Given.SECRET
                + " and " + Given.KEY_ID;
        Failure failure = failure(Operation.RESTORE, S3, false, exited(1, "", error));
        assertThat(failure)
                .hasMessageContaining("https://***@host/x?X-Amz-Signature=***&prefix=p with *** and ***")
                .hasMessageNotContainingAny(Given.SECRET, Given.KEY_ID, "abc123", "pass@");
    }

    private static EngineRun exited(int code, String output, String errors) {
        return new EngineRun(Ending.EXITED, code, output, errors, true);
    }

    private static Failure failure(Operation operation, ConfiguredDatabase database, boolean missing, EngineRun run) {
        return EngineFailures.of(
                new Context(operation, database, Optional.empty(), missing, Set.of(Given.SECRET, Given.KEY_ID)),
                run,
                DEADLINE);
    }
}
