package io.github.litestow.store.s3;

import io.github.litestow.config.S3Storing;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.StoreRequest;
import io.github.litestow.store.StoreTime;
import io.github.litestow.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Our own small objects in a bucket, written under conditions. The version of an object is its ETag.
 *
 * <p>A refusal is not taken for another writer before the object was read: a store that refuses although
 * the object is as it was has no conditional writes, or something between changes ETags. Safe for
 * concurrent use.
 */
final class S3Objects {
    private static final Logger LOG = Logger.getLogger(S3Objects.class);

    private static final String PROBE = "litestow/.probe";
    private static final String PROBE_TEXT = "Written by Litestow to see whether it may write here: ";

    /** How an ETag begins that something between the store and us made a weak one (RFC 9110, 8.8.1). */
    private static final String WEAK = "W/";

    /** Of a write that met another one on the same object. */
    private static final int MAX_ATTEMPTS = 3;

    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;

    private final String bucket;
    private final S3Keys keys;
    private final S3Failures failures;
    private final S3Calls calls;
    private final StoreTime time;
    private final S3Storing storing;
    private volatile boolean conditional = true;
    /** The version that the last probe left; whoever wrote since makes the next one read it first. */
    private volatile Optional<String> probed = Optional.empty();

    S3Objects(String bucket, S3Keys keys, S3Failures failures, S3Calls calls, StoreTime time, S3Storing storing) {
        this.storing = storing;
        this.bucket = bucket;
        this.keys = keys;
        this.failures = failures;
        this.calls = calls;
        this.time = time;
    }

    /** How a conditional write ended. */
    private enum Written {
        YES,
        /** The condition does not hold: somebody else wrote. */
        OUTRUN,
        /** Refused, although the condition holds. */
        REFUSED,
        /** The store does not know the header. */
        UNKNOWN
    }

    /** Returns whether the store has taken every conditional write as such so far. */
    boolean conditional() {
        return conditional;
    }

    /** Reads the object that every probe writes: keys that may not read are found out. */
    void probeReading() throws Failure {
        read(PROBE);
    }

    /** Writes an object under a condition and reads it back, as a lease is written later. */
    void probe() throws Failure {
        Optional<String> left = probed;
        if (left.isPresent() && probe(text -> replaced(PROBE, text, left.get(), any -> {}))) {
            return;
        }
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<StoredObject> there = read(PROBE);
            if (there.isEmpty()) {
                probe(text -> created(PROBE, text));
                there = read(PROBE);
            }
            Optional<String> version = there.map(StoredObject::version);
            if (version.isPresent() && probe(text -> replaced(PROBE, text, version.get(), any -> {}))) {
                return;
            }
            // Another service may probe at the same time; it does not do so three times in a row.
        }
        throw failures.forgetful(
                StoreRequest.WRITE, "it acknowledged " + PROBE + " " + MAX_ATTEMPTS + " times and does not show it");
    }

    /** Returns whether what was written is shown. A store without conditions is written to all the same. */
    private boolean probe(ConditionalWrite write) throws Failure {
        byte[] text = (PROBE_TEXT + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        if (conditional && write.of(text) == Written.REFUSED) {
            conditional = false;
            LOG.warnf("%s. %s", refused(PROBE).getMessage(), refused(PROBE).hint());
        }
        if (!conditional) {
            put(PROBE, text);
        }
        Optional<ResponseBytes<GetObjectResponse>> seen =
                fetch(PROBE).filter(now -> Arrays.equals(now.asByteArray(), text));
        // Just written: its time is the store's.
        seen.map(now -> now.response().lastModified()).ifPresent(time::saw);
        probed = seen.map(now -> now.response().eTag());
        return seen.isPresent();
    }

    private interface ConditionalWrite {
        Written of(byte[] text) throws Failure;
    }

    /** As {@link io.github.litestow.store.ReplicaStore#read}. */
    Optional<StoredObject> read(String key) throws Failure {
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

    /** As {@link io.github.litestow.store.ReplicaStore#create}. */
    boolean create(String key, byte[] body) throws Failure {
        if (conditional) {
            Written written = created(key, body);
            if (written != Written.UNKNOWN) {
                return done(written, key);
            }
        }
        return read(key).isEmpty() && put(key, body);
    }

    /** As {@link io.github.litestow.store.ReplicaStore#replace}. */
    boolean replace(String key, byte[] body, String version, Consumer<String> now) throws Failure {
        if (conditional) {
            Written written = replaced(key, body, version, now);
            if (written != Written.UNKNOWN) {
                return done(written, key);
            }
        }
        return read(key).filter(there -> there.version().equals(version)).isPresent() && put(key, body);
    }

    private boolean done(Written written, String key) throws Failure {
        if (written == Written.REFUSED) {
            throw refused(key);
        }
        return written == Written.YES;
    }

    private Failure refused(String key) {
        return failures.unconditional(
                "it refuses to replace " + key + " on condition, although the object is unchanged");
    }

    private Written created(String key, byte[] body) throws Failure {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Written written = conditionally(key, body, put -> put.ifNoneMatch("*"), any -> {});
            if (written != Written.REFUSED) {
                return written;
            }
            if (read(key).isPresent()) {
                return Written.OUTRUN;
            }
        }
        return Written.REFUSED;
    }

    /**
     * A weak ETag matches nothing (RFC 9110, 13.1.1), so the strong one is sent that it was made from;
     * the store compares it with its own.
     */
    private Written replaced(String key, byte[] body, String version, Consumer<String> now) throws Failure {
        List<String> tags = version.startsWith(WEAK)
                ? List.of(version.substring(WEAK.length()), version)
                : Stream.generate(() -> version).limit(MAX_ATTEMPTS).toList();
        for (String tag : tags) {
            Written written = conditionally(key, body, put -> put.ifMatch(tag), now);
            if (written != Written.REFUSED) {
                return written;
            }
            if (read(key).filter(there -> there.version().equals(version)).isEmpty()) {
                return Written.OUTRUN;
            }
            // Whoever outran us may not be seen yet: asked again before anything is concluded.
        }
        return Written.REFUSED;
    }

    private Written conditionally(
            String key, byte[] body, Consumer<PutObjectRequest.Builder> condition, Consumer<String> now)
            throws Failure {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            try {
                now.accept(send(key, body, condition));
                return Written.YES;
            } catch (S3Exception e) {
                if (e.statusCode() == PRECONDITION_FAILED || S3Calls.missing(e)) {
                    return answerWasLost(e, attempt, key, body) ? Written.YES : Written.REFUSED;
                }
                if (e.statusCode() == NOT_IMPLEMENTED) {
                    LOG.debugf(e, "no conditional writes for %s", bucket);
                    conditional = false;
                    return Written.UNKNOWN;
                }
                if (e.statusCode() != CONFLICT) {
                    throw failures.of(StoreRequest.WRITE, e);
                }
            } catch (SdkException e) {
                throw failures.of(StoreRequest.WRITE, e);
            }
        }
        return holds(key, body) ? Written.YES : Written.OUTRUN;
    }

    /** A later attempt fails on what an earlier one wrote, when only the answer to that was lost. */
    private boolean answerWasLost(S3Exception e, int attempt, String key, byte[] body) throws Failure {
        boolean again = attempt > 1 || (e.numAttempts() != null && e.numAttempts() > 1);
        return again && holds(key, body);
    }

    private boolean holds(String key, byte[] body) throws Failure {
        return read(key).filter(now -> Arrays.equals(now.body(), body)).isPresent();
    }

    private boolean put(String key, byte[] body) throws Failure {
        try {
            send(key, body, plain -> {});
            return true;
        } catch (SdkException e) {
            throw failures.of(StoreRequest.WRITE, e);
        }
    }

    private String send(String key, byte[] body, Consumer<PutObjectRequest.Builder> condition) throws Failure {
        PutObjectResponse written = calls.attempt(
                StoreRequest.WRITE,
                s3 -> s3.putObject(
                        put -> condition.accept(encrypted(put.bucket(bucket).key(keys.of(key)), storing)),
                        RequestBody.fromBytes(body)));
        if (blank(written.eTag())) {
            throw failures.strange(StoreRequest.WRITE, "a write was answered without an ETag");
        }
        return written.eTag();
    }

    /** As the engine asks for it. */
    static PutObjectRequest.Builder encrypted(PutObjectRequest.Builder put, S3Storing storing) {
        storing.kmsKeyId()
                .ifPresent(key ->
                        put.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key));
        return put;
    }

    static boolean blank(String text) {
        return text == null || text.isBlank();
    }
}
