package io.github.litestow.run;

import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.journal.Standing;
import io.github.litestow.litestream.Litestream;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.replica.Replica;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Placement;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One restore, from a look at the local path to the restored file standing there (design section 5).
 * The old file, if there is one to replace, goes to quarantine only when the new one is whole.
 */
final class RestoreRun {
    private static final Logger LOG = Logger.getLogger(RestoreRun.class);

    private final RunScope scope;
    private final RestoreRequest request;
    private final Litestream litestream;
    private final Clock clock;
    private final DatabaseSettings settings;
    private final Journal journal;
    private final Replica replica;

    RestoreRun(RunScope scope, RestoreRequest request, Litestream litestream, Clock clock) {
        this.scope = scope;
        this.request = request;
        this.litestream = litestream;
        this.clock = clock;
        this.settings = scope.database().settings();
        this.journal = scope.database().journal();
        this.replica = scope.database().replica();
    }

    Outcome run() throws Failure {
        scope.at(Step.RECOVER);
        LocalFile local = Recovery.run(scope.database());
        scope.at(Step.LOOK);
        boolean present = local.state() == LocalFile.State.DATABASE || local.state() == LocalFile.State.FOREIGN;
        if (present && !request.replace() && !outrun()) {
            return new Outcome.AlreadyPresent();
        }
        scope.at(Step.PROBE);
        replica.probe();
        List<RestorePoint> proofs = replica.proofs();
        Optional<String> head = replica.head();
        if (head.isEmpty()) {
            Admission.believeEmpty(replica, journal.standing());
            if (request.required()) {
                throw new Failure(
                        FailureKind.REPLICA_MISSING,
                        "the replica " + replica.url() + " holds no restore point, and a restore is required",
                        "Check REPLICA_URL, or set LITESTOW_RESTORE_REQUIRED=false for a true first start.");
            }
            return new Outcome.NothingToRestore();
        }
        String txid = request.txid().orElse(head.get());
        refuseShortened(proofs, head.get());
        scope.at(Step.RESTORE);
        Path restored = restore(txid, head.get());
        scope.at(Step.PLACE);
        Placement.put(settings, restored, journal.standing().attributes(), clock.instant())
                .forEach(scope::warn);
        scope.at(Step.RECORD);
        return record(txid, head.get(), proofs);
    }

    /** Whether the local database is just what was once confirmed, and the replica moved on. */
    private boolean outrun() throws Failure {
        Optional<Lineage> lineage = journal.standing().lineage();
        if (!request.bringForward()
                || lineage.isEmpty()
                || lineage.get().fingerprint().isEmpty()) {
            return false;
        }
        boolean untouched =
                lineage.get().fingerprint().equals(Fingerprint.take(settings).text());
        Optional<String> head = replica.head();
        boolean movedOn = head.isPresent() && head.get().compareTo(lineage.get().head()) > 0;
        if (untouched && movedOn) {
            LOG.infof(
                    "%s: unchanged since %s and the replica is at %s; brought forward, the old copy goes to quarantine",
                    settings.name(), lineage.get().head(), head.get());
        }
        return untouched && movedOn;
    }

    /**
     * A replica whose last file is missing restores silently to an older point (litestream 0.5.17),
     * so the head is held against what is known to have been there.
     */
    private void refuseShortened(List<RestorePoint> proofs, String head) throws Failure {
        Standing standing = journal.standing();
        String known =
                proofs.stream().map(RestorePoint::txid).max(String::compareTo).orElse("");
        if (standing.newest().isPresent() && standing.newest().get().txid().compareTo(known) > 0) {
            known = standing.newest().get().txid();
        }
        if (known.compareTo(head) > 0 && request.txid().isEmpty()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the replica " + replica.url() + " ends at " + head + ", but restore point " + known
                            + " was confirmed there: its newest files are missing",
                    "Bring the missing files back (bucket versioning?), or accept the loss with `restore --txid " + head
                            + "`.");
        }
    }

    private Path restore(String txid, String head) throws Failure {
        DiskSpace.require(settings, replica.bytesOf(txid));
        Path output = scope.scratch().resolve("restored.db");
        LOG.infof("%s: restoring %s from %s", settings.name(), txid, settings.replica());
        String restored = litestream.restore(
                settings, Optional.of(txid), output, scope.deadline().remaining(), scope.cancellation());
        if (!restored.equals(txid)) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "asked the replica for " + txid + " and got " + restored + " (its head is " + head + ")",
                    "The local path was left as it was. Look at the replica with `list`.");
        }
        return output;
    }

    private Outcome record(String txid, String head, List<RestorePoint> proofs) throws Failure {
        String identity = replica.identity().orElse("");
        LocalFile now = LocalFile.look(settings);
        // Only the head itself may be called unchanged later on.
        String fingerprint = txid.equals(head) ? Fingerprint.take(settings).text() : "";
        RestorePoint point = proofs.stream()
                .filter(known -> known.txid().equals(txid))
                .findFirst()
                .orElseGet(() -> new RestorePoint(txid, clock.instant(), Assurance.CONFIRMED));
        journal.change(draft -> {
            proofs.forEach(draft::known);
            draft.replicaId(identity).known(point).descends(new Lineage(identity, head, now.mainBytes(), fingerprint));
        });
        return new Outcome.Restored(point);
    }
}
