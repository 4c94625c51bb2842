package io.github.litestow.run;

import io.github.litestow.litestream.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.replica.Replica;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Proves that the replica is good: restores its newest point to scratch, checked, and compares it
 * with the local database where there is one. Deletes nothing, whatever the settings say.
 */
final class VerificationRun {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    private final RunScope scope;
    private final Litestream litestream;
    private final Replica replica;
    private final Upload upload;

    VerificationRun(RunScope scope, Litestream litestream, Clock clock) {
        this.scope = scope;
        this.litestream = litestream;
        this.replica = scope.database().replica();
        this.upload = new Upload(scope, litestream, clock);
    }

    Outcome run() throws Failure {
        scope.at(Step.RECOVER);
        LocalFile local = Recovery.run(scope.database());
        scope.at(Step.PROBE);
        if (local.state() == LocalFile.State.DATABASE) {
            replica.probe();
            return withLocal(local);
        }
        replica.probeReading();
        return replicaAlone();
    }

    private Outcome withLocal(LocalFile local) throws Failure {
        scope.at(Step.LOOK);
        DatabaseCheck.quick(scope.database().settings(), local, LOCK_PATIENCE);
        DiskSpace.require(scope.database().settings(), 3 * local.bytes());
        scope.takeLease();
        scope.at(Step.ADMIT);
        new Admission(scope, litestream).decide(local, false);
        Optional<RestorePoint> proven = new LiveProof(scope, upload).prove();
        if (proven.isEmpty()) {
            throw new Failure(
                    FailureKind.BUSY,
                    scope.database().settings().database() + " could not be held back for an instant to be compared",
                    "A writer holds it all the time. Try again at a quieter hour.");
        }
        upload.recordProof(
                proven.get(), LocalFile.look(scope.database().settings()).mainBytes());
        return new Outcome.Verified(proven.get());
    }

    /** With no local database there is nothing to compare with: restored and checked, not proven anew. */
    private Outcome replicaAlone() throws Failure {
        List<RestorePoint> points = replica.points();
        if (points.isEmpty()) {
            Admission.believeEmpty(replica, scope.database().journal().standing());
            return new Outcome.NothingToRestore(Optional.empty());
        }
        RestorePoint point = points.get(points.size() - 1);
        DiskSpace.require(scope.database().settings(), replica.bytesOf(point.txid()));
        scope.at(Step.RESTORE);
        upload.restored(point);
        return new Outcome.Verified(point);
    }
}
