package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import java.util.Optional;

/**
 * How to reach S3. Empty credentials mean the AWS default credential chain.
 *
 * @param accessKeyId the key id, not secret by itself but treated as such
 * @param secretAccessKey the secret key
 * @param sessionToken what belongs to temporary keys; only together with them
 * @param endpoint an S3-compatible endpoint; empty for AWS
 * @param region the region; empty when the chain or the endpoint decides
 * @param forcePathStyle whether the bucket is part of the path
 * @param storing how objects are stored
 */
public record S3Settings(
        Optional<Secret> accessKeyId,
        Optional<Secret> secretAccessKey,
        Optional<Secret> sessionToken,
        Optional<String> endpoint,
        Optional<String> region,
        boolean forcePathStyle,
        S3Storing storing) {

    /** With objects stored as the bucket has it. */
    public S3Settings(
            Optional<Secret> accessKeyId,
            Optional<Secret> secretAccessKey,
            Optional<Secret> sessionToken,
            Optional<String> endpoint,
            Optional<String> region,
            boolean forcePathStyle) {
        this(
                accessKeyId,
                secretAccessKey,
                sessionToken,
                endpoint,
                region,
                forcePathStyle,
                S3Storing.AS_THE_BUCKET_HAS_IT);
    }

    /** Takes each secret from its setting or its file. */
    static S3Settings of(LitestowConfig.Database settings) {
        LitestowConfig.S3 s3 = settings.s3();
        return new S3Settings(
                settings.accessKeyId().or(settings::accessKeyIdFile),
                settings.secretAccessKey().or(settings::secretAccessKeyFile),
                settings.sessionToken().or(settings::sessionTokenFile),
                s3.endpoint(),
                s3.region(),
                // Servers with an endpoint of their own rarely answer to a host name for each bucket.
                s3.forcePathStyle().orElse(s3.endpoint().isPresent()),
                new S3Storing(s3.sseKmsKeyId(), s3.storageClass(), s3.objectLock()));
    }
}
