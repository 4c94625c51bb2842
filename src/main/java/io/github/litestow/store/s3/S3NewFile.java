package io.github.litestow.store.s3;

import io.github.litestow.config.S3Storing;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.StoreRequest;
import io.github.litestow.store.WriteGuard;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Puts one of the engine's files where none may be yet ({@code If-None-Match: *}), in one request. */
final class S3NewFile {
    private static final int PART = 1 << 20;

    /** Of a write that met another one on the same object. */
    private static final int MAX_ATTEMPTS = 3;

    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    private final String bucket;
    private final S3Keys keys;
    private final S3Failures failures;
    private final S3Calls calls;
    private final S3Storing storing;

    S3NewFile(String bucket, S3Keys keys, S3Failures failures, S3Calls calls, S3Storing storing) {
        this.storing = storing;
        this.bucket = bucket;
        this.keys = keys;
        this.failures = failures;
        this.calls = calls;
    }

    /** Returns whether it was created; if not, something is there, which an attempt may have written whose answer was lost. */
    boolean create(ReplicaFile file, Path body, Duration most, WriteGuard between) throws Failure {
        for (int attempt = 1; ; attempt++) {
            Guarded guarded = new Guarded(body, between);
            try {
                PutObjectResponse written = calls.attempt(
                        StoreRequest.WRITE,
                        most,
                        s3 -> s3.putObject(
                                put -> stored(put)
                                        .bucket(bucket)
                                        .key(keys.of(file))
                                        .ifNoneMatch("*")
                                        .overrideConfiguration(call ->
                                                call.apiCallTimeout(most).apiCallAttemptTimeout(most)),
                                RequestBody.fromContentProvider(
                                        guarded::open, file.bytes(), "application/octet-stream")));
                if (S3Objects.blank(written.eTag())) {
                    throw failures.strange(StoreRequest.WRITE, "a write was answered without an ETag");
                }
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED) {
                    return false;
                }
                if (e.statusCode() != CONFLICT || attempt == MAX_ATTEMPTS) {
                    throw failures.of(StoreRequest.WRITE, e);
                }
            } catch (SdkException e) {
                if (guarded.refused.isPresent()) {
                    throw guarded.refused.get();
                }
                if (isThere(file)) {
                    return false;
                }
                throw failures.of(StoreRequest.WRITE, e);
            }
        }
    }

    private PutObjectRequest.Builder stored(PutObjectRequest.Builder put) {
        storing.storageClass().ifPresent(put::storageClass);
        return S3Objects.encrypted(put, storing);
    }

    /**
     * Whether the object is there although no answer came: it was written, or the store refused before it
     * had read everything, and hung up.
     */
    private boolean isThere(ReplicaFile file) {
        try {
            calls.attempt(
                    StoreRequest.READ,
                    s3 -> s3.headObject(head -> head.bucket(bucket).key(keys.of(file))));
            return true;
        } catch (SdkException | Failure e) {
            // What went wrong with the write is told; that nothing was found adds nothing.
            return false;
        }
    }

    /** A file that is read as long as the replica may be written to: what is sent in part comes to nothing. */
    private static final class Guarded {
        private final Path file;
        private final WriteGuard between;
        private volatile Optional<Failure> refused = Optional.empty();

        Guarded(Path file, WriteGuard between) {
            this.file = file;
            this.between = between;
        }

        InputStream open() {
            try {
                return new BufferedInputStream(new Checked(Files.newInputStream(file)), PART);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private final class Checked extends FilterInputStream {
            Checked(InputStream in) {
                super(in);
            }

            @Override
            public int read() throws IOException {
                check();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                check();
                return super.read(bytes, offset, length);
            }

            private void check() throws IOException {
                try {
                    between.check();
                } catch (Failure e) {
                    refused = Optional.of(e);
                    throw new IOException("the replica must not be written to any more", e);
                }
            }
        }
    }
}
