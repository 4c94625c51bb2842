package io.github.litestow.store.s3;

import io.github.litestow.config.ObjectLock;
import io.github.litestow.outcome.BucketLock;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.StoreRequest;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Looks whether a bucket has versions and a retention by default. litestream cannot set a retention for an
 * object, so the bucket has to. Safe for concurrent use.
 */
final class S3Lock {
    private static final Duration BELIEVED_FOR = Duration.ofHours(1);
    /** What is wrong somebody may be mending at this moment. */
    private static final Duration DOUBTED_FOR = Duration.ofSeconds(20);

    private static final String MISSING = "ObjectLockConfigurationNotFoundError";

    private final String bucket;
    private final S3Calls calls;
    private final S3Failures failures;
    private final ObjectLock wanted;
    private Optional<BucketLock> seen = Optional.empty();
    private long seenAt;

    S3Lock(String bucket, S3Calls calls, S3Failures failures, ObjectLock wanted) {
        this.bucket = bucket;
        this.calls = calls;
        this.failures = failures;
        this.wanted = wanted;
    }

    /** Returns what a look finds, or found lately; empty when nothing is wanted of the bucket. */
    synchronized Optional<BucketLock> look() {
        if (wanted == ObjectLock.OFF) {
            return Optional.empty();
        }
        Duration good = seen.filter(BucketLock::held).isPresent() ? BELIEVED_FOR : DOUBTED_FOR;
        if (seen.isEmpty() || System.nanoTime() - seenAt > good.toNanos()) {
            seen = Optional.of(found());
            seenAt = System.nanoTime();
        }
        return seen;
    }

    private BucketLock found() {
        try {
            BucketVersioningStatus versions = calls.call(
                            StoreRequest.LOOK_AT_LOCK, s3 -> s3.getBucketVersioning(get -> get.bucket(bucket)))
                    .status();
            if (versions != BucketVersioningStatus.ENABLED) {
                return open("keeps no versions of its objects");
            }
            Optional<DefaultRetention> retention = retention();
            if (retention.isEmpty()) {
                return open("keeps versions, and has no object lock with a default retention");
            }
            String has = words(retention.get());
            boolean enough =
                    wanted == ObjectLock.GOVERNANCE || retention.get().mode() == ObjectLockRetentionMode.COMPLIANCE;
            return enough
                    ? new BucketLock(BucketLock.State.HELD, "the bucket " + bucket + " has " + has, "")
                    : open("has " + has + ", which is less than " + wanted.label());
        } catch (Failure e) {
            return BucketLock.unknown(e);
        }
    }

    private Optional<DefaultRetention> retention() throws Failure {
        try {
            return Optional.ofNullable(calls.attempt(
                                    StoreRequest.LOOK_AT_LOCK,
                                    s3 -> s3.getObjectLockConfiguration(get -> get.bucket(bucket)))
                            .objectLockConfiguration())
                    .filter(lock -> lock.objectLockEnabled() == ObjectLockEnabled.ENABLED && lock.rule() != null)
                    .flatMap(lock -> Optional.ofNullable(lock.rule().defaultRetention()))
                    .filter(retention -> retention.mode() != null);
        } catch (S3Exception e) {
            if (S3Failures.code(e).equals(MISSING)) {
                return Optional.empty();
            }
            throw failures.of(StoreRequest.LOOK_AT_LOCK, e);
        } catch (SdkException e) {
            throw failures.of(StoreRequest.LOOK_AT_LOCK, e);
        }
    }

    private static String words(DefaultRetention retention) {
        String length = retention.years() != null && retention.years() > 0
                ? retention.years() + " years"
                : retention.days() + " days";
        return "an object lock, by default " + retention.modeAsString() + " for " + length;
    }

    private BucketLock open(String why) {
        return new BucketLock(
                BucketLock.State.OPEN,
                "the bucket " + bucket + " " + why + ", and LITESTOW_S3_OBJECT_LOCK=" + wanted.label()
                        + " wants the lock",
                "Turn on versioning and object lock, and set a default retention of that kind (docs/how-to/object-lock.md);"
                        + " or set LITESTOW_S3_OBJECT_LOCK=off. Backups go on without it meanwhile.");
    }
}
