package io.github.litestow.store.s3;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Storing;
import io.github.litestow.outcome.BucketLock;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.StoreRequest;
import io.github.litestow.store.ObjectVersions;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoreTime;
import io.github.litestow.store.StoredObject;
import io.github.litestow.store.WriteGuard;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An {@code s3://} replica. The version of an object is its ETag.
 *
 * <p>Stores that refuse the headers of conditional writes altogether are written to after a read, so
 * that they can be used by one service at a time; {@link #conditionalWrites()} says so.
 */
public final class S3Store implements ReplicaStore {
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final ReplicaUrl url;
    private final S3Connection connection;
    private final String bucket;
    private final S3Keys keys;
    private final S3Failures failures;
    private final S3Calls calls;
    private final S3Listing listing;
    private final S3Uploads uploads;
    private final S3Storing storing;
    private final StoreTime time = new StoreTime();
    private final S3Objects objects;
    private final S3Lock lock;

    /** As below, with objects stored as the bucket has it. */
    public S3Store(ReplicaUrl url, S3Connection connection) {
        this(url, connection, S3Storing.AS_THE_BUCKET_HAS_IT);
    }

    /** Makes the store of a replica URL with the scheme {@code s3}; asks nobody yet. */
    public S3Store(ReplicaUrl url, S3Connection connection, S3Storing storing) {
        this.storing = storing;
        this.url = url;
        this.connection = connection;
        this.bucket = url.bucket().orElseThrow();
        this.keys = new S3Keys(url.prefix());
        this.failures = new S3Failures(url.url(), connection.endpoint(), connection.secrets());
        this.calls = new S3Calls(connection, failures);
        this.objects = new S3Objects(bucket, keys, failures, calls, time, storing);
        this.listing = new S3Listing(bucket, keys, failures, calls);
        this.uploads = new S3Uploads(bucket, keys, calls);
        this.lock = new S3Lock(bucket, calls, failures, storing.lock());
    }

    /** Returns what is right below a prefix, as folders are below a folder. */
    static List<String> below(ReplicaUrl root, S3Connection connection) throws Failure {
        S3Failures failures = new S3Failures(root.url(), connection.endpoint(), connection.secrets());
        S3Keys keys = new S3Keys(root.prefix());
        return new S3Listing(root.bucket().orElseThrow(), keys, failures, new S3Calls(connection, failures))
                .below(root.prefix().isEmpty() ? "" : root.prefix() + "/");
    }

    @Override
    public void probe() throws Failure {
        listing.page(keys.levels(), Optional.empty(), 1);
        objects.probe();
    }

    @Override
    public void probeReading() throws Failure {
        listing.page(keys.levels(), Optional.empty(), 1);
        objects.probeReading();
    }

    @Override
    public Optional<ObjectVersions> versions() {
        return Optional.of(new S3Versions(bucket, keys, failures, calls));
    }

    @Override
    public Optional<BucketLock> lock() {
        return lock.look();
    }

    @Override
    public Optional<Instant> time() {
        return time.now();
    }

    @Override
    public boolean conditionalWrites() {
        return objects.conditional();
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
    public ReplicaStore above(int parts) throws Failure {
        return new S3Store(url.above(parts), connection);
    }

    @Override
    public boolean keepsObjects() {
        return true;
    }

    @Override
    public Optional<StoredObject> read(String key) throws Failure {
        return objects.read(key);
    }

    @Override
    public boolean create(String key, byte[] body) throws Failure {
        return objects.create(key, body);
    }

    @Override
    public boolean replace(String key, byte[] body, String version) throws Failure {
        return objects.replace(key, body, version, any -> {});
    }

    @Override
    public boolean replace(String key, byte[] body, String version, Consumer<String> now) throws Failure {
        return objects.replace(key, body, version, now);
    }

    @Override
    public boolean create(ReplicaFile file, Path body, Duration most, WriteGuard between) throws Failure {
        return new S3NewFile(bucket, keys, failures, calls, storing).create(file, body, most, between);
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
}
