package io.github.litestow.cli;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a native image must be told of classes that are not ours and that nobody else registers: those
 * that the AWS SDK loads by name. Our own records that Jackson reads and writes outside REST carry
 * {@link RegisterForReflection} themselves. The driver of SQLite brings its own registration (its {@code
 * META-INF/native-image}), the S3 client that of its Quarkus extension, picocli that of {@code
 * picocli-codegen}; docs/deploy.md lists them.
 */
@RegisterForReflection(
        classNames = {
            // Loaded by ProfileCredentialsUtils for a profile with a role; sts registers only its sibling.
            "software.amazon.awssdk.services.sts.internal.StsProfileCredentialsProviderFactory"
        })
final class NativeImage {
    private NativeImage() {}
}
