package io.github.litestow.config;

import java.util.Optional;

/**
 * How objects are stored in a bucket, beyond what the bucket itself says.
 *
 * @param kmsKeyId the key with which S3 encrypts each object; empty leaves that to the bucket
 * @param storageClass of the engine's files, not of our own small objects; empty means the bucket's
 * @param lock which retention the bucket must have by default; it is looked at and never set
 */
public record S3Storing(Optional<String> kmsKeyId, Optional<String> storageClass, ObjectLock lock) {
    /** As the bucket has it. */
    public static final S3Storing AS_THE_BUCKET_HAS_IT =
            new S3Storing(Optional.empty(), Optional.empty(), ObjectLock.OFF);
}
