package io.github.litestow.cli;

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
            "io.github.litestow.journal.DatabaseState",
            "io.github.litestow.journal.EarlierStateDocument",
            "io.github.litestow.journal.EarlierStateDocument$Placing",
            "io.github.litestow.journal.LocalDatabase",
            "io.github.litestow.journal.LocalDatabase$Deleting",
            "io.github.litestow.journal.LocalDatabase$Descends",
            "io.github.litestow.journal.LocalDatabase$Offloaded",
            "io.github.litestow.journal.LocalDatabase$Restoring",
            "io.github.litestow.journal.LocalDatabase$Settled",
            "io.github.litestow.journal.LocalDatabase$Unknown",
            "io.github.litestow.outcome.Assurance",
            "io.github.litestow.outcome.FailureKind",
            "io.github.litestow.outcome.RunStatistics",
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
            "io.github.litestow.outcome.Progress",
            "io.github.litestow.outcome.Progress$Doing",
            "io.github.litestow.outcome.RestorePoint",
            "io.github.litestow.outcome.RunInProgress",
            "io.github.litestow.outcome.RunRecord",
            "io.github.litestow.lease.Lease$LeaseDocument",
            "io.github.litestow.store.ProofRecord$ProofsDocument",
            "io.github.litestow.store.Replica$IdentityDocument",
            "io.github.litestow.report.DatabaseStatus",
            "io.github.litestow.report.DatabaseStatus$LastFailure",
            "io.github.litestow.run.CurrentRun$RunDocument",
            "io.github.litestow.run.restore.RestorePointList",
            "io.github.litestow.run.restore.RestorePointList$Point",
            "io.github.litestow.run.prune.PruneReport",
            "io.github.litestow.run.prune.PruneReport$File",
            "io.github.litestow.run.prune.PruneReport$Kept",
            "io.github.litestow.run.restore.QuarantinedFiles",
            "io.github.litestow.settings.EffectiveSettings$Effective",
            "io.github.litestow.cli.ConfigCommand$Document",
            "io.github.litestow.cli.CliCommand$StatusDocument",
            "io.github.litestow.cli.CliCommand$UnansweredDocument",
            "io.github.litestow.cli.PruneCommand$TroubleDocument",
            // Loaded by ProfileCredentialsUtils for a profile with a role; sts registers only its sibling.
            "software.amazon.awssdk.services.sts.internal.StsProfileCredentialsProviderFactory"
        })
final class NativeImage {
    private NativeImage() {}
}
