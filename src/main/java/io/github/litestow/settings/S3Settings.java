package io.github.litestow.settings;

import java.util.Optional;

/**
 * How to reach S3. Empty credentials mean the AWS default credential chain.
 *
 * @param accessKeyId the key id, not secret by itself but treated as such
 * @param secretAccessKey the secret key
 * @param sessionToken what belongs to temporary keys; only together with them
 * @param endpoint an S3-compatible endpoint; empty for AWS
 * @param region the region; empty when the chain or the endpoint decides
 * @param forcePathStyle whether the bucket stands in the path
 */
public record S3Settings(
        Optional<Secret> accessKeyId,
        Optional<Secret> secretAccessKey,
        Optional<Secret> sessionToken,
        Optional<String> endpoint,
        Optional<String> region,
        boolean forcePathStyle) {

    /** As the whole, for keys that need no session token. */
    public S3Settings(
            Optional<Secret> accessKeyId,
            Optional<Secret> secretAccessKey,
            Optional<String> endpoint,
            Optional<String> region,
            boolean forcePathStyle) {
        this(accessKeyId, secretAccessKey, Optional.empty(), endpoint, region, forcePathStyle);
    }
}
