package io.github.litestow.replica;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.replica.S3Failures.Verb;
import io.github.litestow.settings.ReplicaUrl;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An {@code s3://} replica. The version of an object is its ETag.
 *
 * <p>Stores that refuse the headers of conditional writes altogether are written to after a look, so
 * that they can be used by one service at a time; {@link #decidesRaces()} tells.
 */
final class S3Store implements ReplicaStore {
    private static final Logger LOG = Logger.getLogger(S3Store.class);

    private static final String PROBE = "litestow/.probe";
    private static final String PROBE_TEXT = "Written by Litestow to see whether it may write here: ";
    /** Of a write that met another one on the same object. */
    private static final int TRIES = 3;
    /** Above the SDK's own limit of a call, below the 10 s within which trouble is named. */
    private static final Duration LIMIT = Duration.ofSeconds(9);

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_IMPLEMENTED = 501;

    private final String bucket;
    private final S3Keys keys;
    private final S3Connection connection;
    private final S3Failures failures;
    private final S3Listing listing;
    private final S3Races races = new S3Races(this);
    private volatile boolean conditional = true;

    /** Makes the store of a replica URL with the scheme {@code s3}; asks nobody yet. */
    S3Store(ReplicaUrl url, S3Connection connection) {
        this.bucket = url.bucket().orElseThrow();
        this.keys = new S3Keys(url.prefix());
        this.connection = connection;
        this.failures = new S3Failures(url.url(), connection.endpoint(), connection.secrets());
        this.listing = new S3Listing(bucket, keys, failures, request -> call(Verb.LIST, request));
    }

    @Override
    public void probe() throws Failure {
        probeReading();
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            String text = PROBE_TEXT + UUID.randomUUID();
            put(PROBE, text.getBytes(StandardCharsets.UTF_8));
            Optional<StoredObject> seen = read(PROBE);
            if (seen.isPresent() && text.equals(new String(seen.get().body(), StandardCharsets.UTF_8))) {
                return;
            }
            // Another service may probe at the same time; it does not do so three times in a row.
        }
        throw failures.forgetful("it acknowledged " + PROBE + " " + TRIES + " times and does not show it");
    }

    @Override
    public void probeReading() throws Failure {
        listing.page(keys.levels(), Optional.empty(), 1);
        read(PROBE);
    }

    @Override
    public boolean decidesRaces() throws Failure {
        return races.decided() && conditional;
    }

    @Override
    public List<ReplicaFile> ltxFiles() throws Failure {
        return listing.files();
    }

    @Override
    public boolean holdsOldFormat() throws Failure {
        return !listing.page(keys.oldFormat(), Optional.empty(), 1).contents().isEmpty();
    }

    @Override
    public void setAside(ReplicaFile file) throws Failure {
        String source = keys.of(file);
        String target = keys.of("litestow/set-aside/" + file.key());
        call(
                Verb.WRITE,
                s3 -> s3.copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey(source)
                        .destinationBucket(bucket)
                        .destinationKey(target)));
        delete(file);
    }

    @Override
    public void delete(ReplicaFile file) throws Failure {
        String key = keys.of(file);
        call(Verb.DELETE, s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
        if (listing.page(key, Optional.empty(), 1).contents().stream()
                .anyMatch(object -> object.key().equals(key))) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the store acknowledged the deletion of " + key + " and still lists it",
                    "Backups are not affected. Bound the bucket by lifecycle rules, or mend the store.");
        }
    }

    @Override
    public Optional<byte[]> readRange(ReplicaFile file, long from, int length) throws Failure {
        if (length == 0) {
            return Optional.of(new byte[0]);
        }
        String range = "bytes=" + from + "-" + (from + length - 1);
        try {
            return Optional.of(attempt(
                            Verb.READ,
                            s3 -> s3.getObject(
                                    get -> get.bucket(bucket).key(keys.of(file)).range(range),
                                    (response, body) -> part(response, body.readNBytes(length), from)))
                    .orElseThrow(() -> failures.strange(Verb.READ, "it ignores ranges")));
        } catch (S3Exception e) {
            if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                return Optional.of(new byte[0]);
            }
            if (missing(e)) {
                return Optional.empty();
            }
            throw failures.of(Verb.READ, e);
        } catch (SdkException e) {
            throw failures.of(Verb.READ, e);
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
        ResponseBytes<GetObjectResponse> object;
        try {
            object = attempt(
                    Verb.READ,
                    s3 -> s3.getObject(get -> get.bucket(bucket).key(keys.of(key)), ResponseTransformer.toBytes()));
        } catch (S3Exception e) {
            if (missing(e)) {
                return Optional.empty();
            }
            throw failures.of(Verb.READ, e);
        } catch (SdkException e) {
            throw failures.of(Verb.READ, e);
        }
        if (blank(object.response().eTag())) {
            throw failures.strange(Verb.READ, "an object without an ETag");
        }
        return Optional.of(
                new StoredObject(object.asByteArray(), object.response().eTag()));
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

    /** Removes an object if that is allowed. */
    void forget(String key) throws Failure {
        call(Verb.DELETE, s3 -> s3.deleteObject(delete -> delete.bucket(bucket).key(keys.of(key))));
    }

    private boolean put(String key, byte[] body) throws Failure {
        try {
            send(key, body, plain -> {});
            return true;
        } catch (SdkException e) {
            throw failures.of(Verb.WRITE, e);
        }
    }

    /** Returns whether it was written; empty when the store knows no conditional writes. */
    private Optional<Boolean> conditionally(String key, byte[] body, Consumer<PutObjectRequest.Builder> condition)
            throws Failure {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try {
                send(key, body, condition);
                return Optional.of(true);
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED || missing(e)) {
                    return Optional.of(answerWasLost(e, key, body));
                }
                if (e.statusCode() == NOT_IMPLEMENTED) {
                    LOG.debugf(e, "no conditional writes at %s", connection.endpoint());
                    conditional = false;
                    return Optional.empty();
                }
                if (e.statusCode() != CONFLICT) {
                    throw failures.of(Verb.WRITE, e);
                }
            } catch (SdkException e) {
                throw failures.of(Verb.WRITE, e);
            }
        }
        return Optional.of(false);
    }

    /** A second attempt fails on what the first one wrote, when only the answer to that was lost. */
    private boolean answerWasLost(S3Exception e, String key, byte[] body) throws Failure {
        return e.numAttempts() != null
                && e.numAttempts() > 1
                && read(key).filter(now -> Arrays.equals(now.body(), body)).isPresent();
    }

    private void send(String key, byte[] body, Consumer<PutObjectRequest.Builder> condition) throws Failure {
        PutObjectResponse written = attempt(
                Verb.WRITE,
                s3 -> s3.putObject(
                        put -> condition.accept(put.bucket(bucket).key(keys.of(key))), RequestBody.fromBytes(body)));
        if (blank(written.eTag())) {
            throw failures.strange(Verb.WRITE, "a write was answered without an ETag");
        }
    }

    private <T> T call(Verb verb, Function<S3Client, T> question) throws Failure {
        try {
            return attempt(verb, question);
        } catch (SdkException e) {
            throw failures.of(verb, e);
        }
    }

    private <T> T attempt(Verb verb, Function<S3Client, T> question) throws Failure {
        S3Client client = connection.client();
        try {
            return Patience.within(LIMIT, failures.what(verb), () -> question.apply(client));
        } catch (UncheckedIOException e) {
            // So ends a write whose connection breaks before the body is sent.
            throw SdkClientException.create(String.valueOf(e.getMessage()), e);
        }
    }

    /** Only an object store's own word counts: any web server answers 404. */
    private static boolean missing(S3Exception e) {
        return e.statusCode() == NOT_FOUND && S3Failures.code(e).equals("NoSuchKey");
    }

    private static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
