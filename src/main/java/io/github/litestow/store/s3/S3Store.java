package io.github.litestow.store.s3;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.StoreRequest;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoreTime;
import io.github.litestow.store.StoredObject;
import io.github.litestow.store.WriteGuard;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An {@code s3://} replica. The version of an object is its ETag.
 *
 * <p>Stores that refuse the headers of conditional writes altogether are written to after a read, so
 * that they can be used by one service at a time; {@link #conditionalWrites()} says so.
 */
public final class S3Store implements ReplicaStore {
    private static final Logger LOG = Logger.getLogger(S3Store.class);

    private static final String PROBE = "litestow/.probe";
    private static final String PROBE_TEXT = "Written by Litestow to see whether it may write here: ";
    /** Of a write that met another one on the same object. */
    private static final int MAX_ATTEMPTS = 3;

    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_IMPLEMENTED = 501;

    private final String bucket;
    private final S3Keys keys;
    private final S3Failures failures;
    private final S3Calls calls;
    private final S3Listing listing;
    private final S3Uploads uploads;
    private final StoreTime time = new StoreTime();
    private volatile boolean conditional = true;

    /** Makes the store of a replica URL with the scheme {@code s3}; asks nobody yet. */
    public S3Store(ReplicaUrl url, S3Connection connection) {
        this.bucket = url.bucket().orElseThrow();
        this.keys = new S3Keys(url.prefix());
        this.failures = new S3Failures(url.url(), connection.endpoint(), connection.secrets());
        this.calls = new S3Calls(connection, failures);
        this.listing = new S3Listing(bucket, keys, failures, calls);
        this.uploads = new S3Uploads(bucket, keys, calls);
    }

    @Override
    public void probe() throws Failure {
        probeReading();
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            String text = PROBE_TEXT + UUID.randomUUID();
            put(PROBE, text.getBytes(StandardCharsets.UTF_8));
            Optional<ResponseBytes<GetObjectResponse>> seen = fetch(PROBE);
            if (seen.isPresent() && text.equals(seen.get().asUtf8String())) {
                Optional.ofNullable(seen.get().response().lastModified()).ifPresent(time::saw);
                return;
            }
            // Another service may probe at the same time; it does not do so three times in a row.
        }
        throw failures.forgetful(
                StoreRequest.WRITE, "it acknowledged " + PROBE + " " + MAX_ATTEMPTS + " times and does not show it");
    }

    @Override
    public void probeReading() throws Failure {
        listing.page(keys.levels(), Optional.empty(), 1);
        read(PROBE);
    }

    @Override
    public Optional<Instant> time() {
        return time.now();
    }

    @Override
    public boolean conditionalWrites() {
        return conditional;
    }

    @Override
    public List<ReplicaFile> ltxFiles() throws Failure {
        return listing.files();
    }

    @Override
    public Optional<Instant> newestOfOldFormat() throws Failure {
        return listing.all(keys.oldFormat()).stream()
                .map(S3Object::lastModified)
                .max(Instant::compareTo);
    }

    @Override
    public Optional<byte[]> readRange(ReplicaFile file, long from, int length) throws Failure {
        if (length == 0) {
            return Optional.of(new byte[0]);
        }
        String range = "bytes=" + from + "-" + (from + length - 1);
        try {
            return Optional.of(calls.attempt(
                            StoreRequest.READ,
                            s3 -> s3.getObject(
                                    get -> get.bucket(bucket).key(keys.of(file)).range(range),
                                    (response, body) -> part(response, body.readNBytes(length), from)))
                    .orElseThrow(() -> failures.strange(StoreRequest.READ, "it ignores ranges")));
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return Optional.of(new byte[0]);
            }
            if (S3Calls.missing(e)) {
                return Optional.empty();
            }
            throw failures.of(StoreRequest.READ, e);
        } catch (SdkException e) {
            throw failures.of(StoreRequest.READ, e);
        }
    }

    /** Without a content range the whole object came, of which only the beginning was read. */
    private static Optional<byte[]> part(GetObjectResponse response, byte[] read, long from) {
        return response.contentRange() != null || from == 0 ? Optional.of(read) : Optional.empty();
    }

    @Override
    public boolean keepsObjects() {
        return true;
    }

    @Override
    public Optional<StoredObject> read(String key) throws Failure {
        return fetch(key)
                .map(object ->
                        new StoredObject(object.asByteArray(), object.response().eTag()));
    }

    private Optional<ResponseBytes<GetObjectResponse>> fetch(String key) throws Failure {
        ResponseBytes<GetObjectResponse> object;
        try {
            object = calls.attempt(
                    StoreRequest.READ,
                    s3 -> s3.getObject(get -> get.bucket(bucket).key(keys.of(key)), ResponseTransformer.toBytes()));
        } catch (S3Exception e) {
            if (S3Calls.missing(e)) {
                return Optional.empty();
            }
            throw failures.of(StoreRequest.READ, e);
        } catch (SdkException e) {
            throw failures.of(StoreRequest.READ, e);
        }
        if (blank(object.response().eTag())) {
            throw failures.strange(StoreRequest.READ, "an object without an ETag");
        }
        return Optional.of(object);
    }

    @Override
    public boolean create(String key, byte[] body) throws Failure {
        if (conditional) {
            Optional<Boolean> created = conditionally(key, body, put -> put.ifNoneMatch("*"));
            if (created.isPresent()) {
                return created.get();
            }
        }
        return read(key).isEmpty() && put(key, body);
    }

    @Override
    public boolean replace(String key, byte[] body, String version) throws Failure {
        if (conditional) {
            Optional<Boolean> replaced = conditionally(key, body, put -> put.ifMatch(version));
            if (replaced.isPresent()) {
                return replaced.get();
            }
        }
        return read(key).filter(now -> now.version().equals(version)).isPresent() && put(key, body);
    }

    @Override
    public void delete(ReplicaFile file) throws Failure {
        remove(keys.of(file));
        if (readRange(file, 0, 1).isPresent()) {
            throw failures.forgetful(
                    StoreRequest.DELETE, "it acknowledged the deletion of " + file.key() + " and still has it");
        }
    }

    @Override
    public int abortUploads(Instant begunBefore) throws Failure {
        return uploads.abort(begunBefore);
    }

    @Override
    public void deleteSetAside(Instant before, WriteGuard permission) throws Failure {
        for (S3Object object : listing.all(keys.of("litestow/set-aside/"))) {
            if (object.lastModified().isBefore(before)) {
                permission.check();
                remove(object.key());
            }
        }
    }

    @Override
    public void deleteObject(String key) throws Failure {
        remove(keys.of(key));
    }

    private void remove(String key) throws Failure {
        try {
            calls.attempt(
                    StoreRequest.DELETE,
                    s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
        } catch (S3Exception e) {
            // S3 acknowledges the deletion of what is not there; other stores say that it is not there.
            if (!S3Calls.missing(e)) {
                throw failures.of(StoreRequest.DELETE, e);
            }
        } catch (SdkException e) {
            throw failures.of(StoreRequest.DELETE, e);
        }
    }

    private boolean put(String key, byte[] body) throws Failure {
        try {
            send(key, body, plain -> {});
            return true;
        } catch (SdkException e) {
            throw failures.of(StoreRequest.WRITE, e);
        }
    }

    /** Returns whether it was written; empty when the store has no conditional writes. */
    private Optional<Boolean> conditionally(String key, byte[] body, Consumer<PutObjectRequest.Builder> condition)
            throws Failure {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            try {
                send(key, body, condition);
                return Optional.of(true);
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED || S3Calls.missing(e)) {
                    return Optional.of(answerWasLost(e, attempt, key, body));
                }
                if (e.statusCode() == NOT_IMPLEMENTED) {
                    LOG.debugf(e, "no conditional writes for %s", bucket);
                    conditional = false;
                    return Optional.empty();
                }
                if (e.statusCode() != CONFLICT) {
                    throw failures.of(StoreRequest.WRITE, e);
                }
            } catch (SdkException e) {
                throw failures.of(StoreRequest.WRITE, e);
            }
        }
        return Optional.of(holds(key, body));
    }

    /** A later attempt fails on what an earlier one wrote, when only the answer to that was lost. */
    private boolean answerWasLost(S3Exception e, int attempt, String key, byte[] body) throws Failure {
        boolean again = attempt > 1 || (e.numAttempts() != null && e.numAttempts() > 1);
        return again && holds(key, body);
    }

    private boolean holds(String key, byte[] body) throws Failure {
        return read(key).filter(now -> Arrays.equals(now.body(), body)).isPresent();
    }

    private void send(String key, byte[] body, Consumer<PutObjectRequest.Builder> condition) throws Failure {
        PutObjectResponse written = calls.attempt(
                StoreRequest.WRITE,
                s3 -> s3.putObject(
                        put -> condition.accept(put.bucket(bucket).key(keys.of(key))), RequestBody.fromBytes(body)));
        if (blank(written.eTag())) {
            throw failures.strange(StoreRequest.WRITE, "a write was answered without an ETag");
        }
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
