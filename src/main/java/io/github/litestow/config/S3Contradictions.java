package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import io.github.litestow.outcome.Failure;
import io.smallrye.config.SmallRyeConfig;

/** Settings of S3 that contradict each other, or the replica. */
final class S3Contradictions {
    private S3Contradictions() {}

    /**
     * Refuses what cannot be together.
     *
     * @param prefix of the database's keys
     * @throws Failure {@code SETTINGS}
     */
    static void refuse(SmallRyeConfig config, String prefix, ConfiguredDatabase database) throws Failure {
        LitestowConfig.S3 s3 = database.settings().s3();
        // The engine asks for KMS by naming the key, and in no other way.
        if (s3.sse().isPresent() && s3.sseKmsKeyId().isEmpty()) {
            throw ConfiguredValue.of(config, prefix + "s3.sse", new S3Rules.Encryption())
                    .refuse("the key is missing, without which litestream cannot ask for "
                            + s3.sse().get());
        }
        if (s3.objectLock() != ObjectLock.OFF && database.replica().bucket().isEmpty()) {
            throw ConfiguredValue.of(config, prefix + "s3.object-lock", new S3Rules.Lock())
                    .refuse("only a bucket has an object lock, and the replica is " + database.replica());
        }
    }
}
