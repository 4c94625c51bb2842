package io.github.litestow.trigger;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a native image must be told because nobody else does: the records that Jackson reads and
 * writes outside REST, and classes that the AWS SDK loads by name. The driver of SQLite brings its
 * own registration (its {@code META-INF/native-image}), the S3 client that of its Quarkus extension,
 * picocli that of {@code picocli-codegen}; docs/deploy.md lists them. Nested types are included.
 */
@RegisterForReflection(
        classNames = {
            "io.github.litestow.journal.Lineage",
            "io.github.litestow.journal.Placing",
            "io.github.litestow.journal.Standing",
            "io.github.litestow.outcome.Assurance",
            "io.github.litestow.outcome.FailureKind",
            "io.github.litestow.outcome.Operation",
            "io.github.litestow.outcome.Outcome",
            "io.github.litestow.outcome.Outcome$AlreadyPresent",
            "io.github.litestow.outcome.Outcome$Failed",
            "io.github.litestow.outcome.Outcome$Kept",
            "io.github.litestow.outcome.Outcome$NothingToRestore",
            "io.github.litestow.outcome.Outcome$NothingToSnapshot",
            "io.github.litestow.outcome.Outcome$Offloaded",
            "io.github.litestow.outcome.Outcome$Restored",
            "io.github.litestow.outcome.Outcome$Skipped",
            "io.github.litestow.outcome.Outcome$Snapshotted",
            "io.github.litestow.outcome.Outcome$Unchanged",
            "io.github.litestow.outcome.Outcome$Verified",
            "io.github.litestow.outcome.RestorePoint",
            "io.github.litestow.outcome.RunRecord",
            "io.github.litestow.replica.Replica$IdentityDocument",
            "io.github.litestow.replica.Replica$ProofsDocument",
            "io.github.litestow.report.DatabaseStatus",
            "io.github.litestow.report.DatabaseStatus$LastFailure",
            "io.github.litestow.run.PointList",
            "io.github.litestow.run.PointList$Point",
            "io.github.litestow.run.QuarantinedFiles",
            "io.github.litestow.trigger.OneShot$StatusDocument",
            // Loaded by ProfileCredentialsUtils for a profile with a role; sts registers only its sibling.
            "software.amazon.awssdk.services.sts.internal.StsProfileCredentialsProviderFactory"
        })
final class NativeImage {
    private NativeImage() {}
}
