package io.github.litestow.run;

import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.journal.Placing;
import io.github.litestow.litestream.EngineProgress;
import io.github.litestow.litestream.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.replica.OldBackup;
import io.github.litestow.replica.Replica;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Placement;
import io.github.litestow.sqlite.Quarantine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
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
        if (stays(local)) {
            return new Outcome.AlreadyPresent();
        }
        scope.at(Step.PROBE);
        replica.probeReading();
        if (request.target().bringForward()) {
            // A service writes later on; what it restores must not be outrun by another one meanwhile.
            takeLease();
        }
        List<RestorePoint> points = replica.points();
        if (points.isEmpty()) {
            return replica.onlyOldFormat() ? oldFormat() : nothing();
        }
        explainOldBackup();
        Optional<Instant> at = request.point().at();
        if (at.isPresent() && points.stream().allMatch(point -> point.time().isAfter(at.get()))) {
            return new Outcome.NothingToRestore(Optional.of(points.get(0)));
        }
        RestorePoint head = points.get(points.size() - 1);
        boolean shortened = shortened(head);
        Candidates candidates = new Candidates(scope, new Upload(scope, litestream, clock), points);
        scope.at(Step.RESTORE);
        Upload.Restored restored = candidates.restore(request);
        if ((shortened || candidates.passedOver()) && !request.target().elsewhere()) {
            scope.takeLease();
            scope.database().lease().confirm();
            int files = replica.endAt(restored.point(), scope::mayWrite);
            scope.warn(files + " damaged or newer files at the replica were set aside in litestow/set-aside");
            head = restored.point();
        }
        scope.at(Step.PLACE);
        if (request.target().elsewhere()) {
            Placement.putAside(restored.file(), elsewhere());
            return new Outcome.Restored(restored.point());
        }
        announce(restored, head);
        Placement.Placed placed = Placement.put(
                settings, restored.file(), permission(), journal.standing().attributes(), clock.instant());
        placed.warnings().forEach(scope::warn);
        Quarantine.bound(settings, clock.instant())
                .forEach(entry -> scope.note("deleted from quarantine, past its bounds: " + entry));
        scope.at(Step.RECORD);
        record(restored.point(), head, placed.fingerprint());
        return new Outcome.Restored(restored.point());
    }

    /** With keys that may only read, a service can restore; its snapshots will say what they lack. */
    private void takeLease() throws Failure {
        try {
            scope.takeLease();
        } catch (Failure e) {
            if (e.kind() != FailureKind.ACCESS_DENIED) {
                throw e;
            }
            scope.warn("restored without the lease, snapshots will fail: " + e.getMessage());
        }
    }

    private void explainOldBackup() throws Failure {
        Optional<OldBackup> old = replica.oldBackupBeside();
        if (old.isPresent() && old.get().newer()) {
            scope.warn(old.get().words());
        } else if (old.isPresent()) {
            LOG.infof("%s: %s", settings.name(), old.get().words());
        }
    }

    private boolean stays(LocalFile local) throws Failure {
        boolean present = local.state() == LocalFile.State.DATABASE || local.state() == LocalFile.State.FOREIGN;
        return present && !request.target().elsewhere() && !request.target().replace() && !outrun();
    }

    private Path elsewhere() throws Failure {
        return request.target().file().isPresent()
                ? request.target().file().get()
                : Placement.newAside(settings, scope.id());
    }

    /** The restore may take long, and the application may have begun to write meanwhile. */
    private Placement.Permission permission() {
        if (request.target().replace()) {
            return Placement.Permission.ANYTHING;
        }
        Optional<Lineage> lineage = journal.standing().lineage();
        return request.target().bringForward()
                        && lineage.isPresent()
                        && !lineage.get().fingerprint().isEmpty()
                ? Placement.Permission.unchangedSince(lineage.get().fingerprint())
                : Placement.Permission.NOTHING;
    }

    private Outcome nothing() throws Failure {
        Admission.believeEmpty(replica, journal.standing());
        if (request.required()) {
            throw new Failure(
                    FailureKind.REPLICA_MISSING,
                    "the replica " + replica.url() + " holds no restore point, and a restore is required",
                    "Check REPLICA_URL, or set LITESTOW_RESTORE_REQUIRED=false for a true first start.");
        }
        return new Outcome.NothingToRestore(Optional.empty());
    }

    /**
     * A backup that litestream 0.3 left (pylts wrote such): 0.5 restores its newest state, but names
     * no transaction. Snapshots then begin a series of their own beside it.
     */
    private Outcome oldFormat() throws Failure {
        if (!request.point().newest()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "the backup at " + replica.url() + " was written by litestream 0.3 and has no restore points",
                    "Restore its newest state, or use litestream 0.3 itself for an older one.");
        }
        scope.at(Step.RESTORE);
        Path file = scope.scratch().resolve("restored.db");
        scope.watch(EngineProgress.ofRestore(file, Optional.empty()));
        litestream.restore(settings, Optional.empty(), file, scope.deadline().remaining(), scope.cancellation());
        RestorePoint point = RestorePoint.beforeAll(clock.instant());
        scope.warn("restored from a backup of litestream 0.3; the next snapshot begins a new series beside it");
        scope.at(Step.PLACE);
        if (request.target().elsewhere()) {
            Placement.putAside(file, elsewhere());
            return new Outcome.Restored(point);
        }
        Placement.put(settings, file, permission(), journal.standing().attributes(), clock.instant())
                .warnings()
                .forEach(scope::warn);
        scope.at(Step.RECORD);
        Lineage lineage = new Lineage("", "", LocalFile.look(settings).mainBytes(), "");
        journal.change(draft -> draft.descends(lineage));
        return new Outcome.Restored(point);
    }

    /** Whether the local database is just what was once confirmed, and the replica moved on. */
    private boolean outrun() throws Failure {
        Optional<Lineage> lineage = journal.standing().lineage();
        if (!request.target().bringForward()
                || lineage.isEmpty()
                || lineage.get().fingerprint().isEmpty()) {
            return false;
        }
        boolean untouched =
                lineage.get().fingerprint().equals(Fingerprint.take(settings).text());
        Optional<String> head = untouched ? replica.head() : Optional.empty();
        boolean movedOn = head.isPresent() && head.get().compareTo(lineage.get().head()) > 0;
        if (movedOn) {
            LOG.infof(
                    "%s: unchanged since %s and the replica is at %s; brought forward, the old copy goes to quarantine",
                    settings.name(), lineage.get().head(), head.get());
        }
        return movedOn;
    }

    /**
     * A replica whose last file is missing restores silently to an older point (litestream 0.5.17),
     * so the head is held against what is known to have been there.
     *
     * @return whether newer points are lost, and that was accepted
     */
    private boolean shortened(RestorePoint head) throws Failure {
        String known = replica.proofs().stream()
                .map(RestorePoint::txid)
                .max(String::compareTo)
                .orElse("");
        if (journal.standing().newest().isPresent()
                && journal.standing().newest().get().txid().compareTo(known) > 0) {
            known = journal.standing().newest().get().txid();
        }
        if (known.compareTo(head.txid()) <= 0 || !request.point().newest()) {
            return false;
        }
        if (request.fallback()) {
            scope.warn("the replica's newest files are missing: restore point " + known + " is lost, " + head.txid()
                    + " of " + head.time() + " is taken instead");
            return true;
        }
        throw new Failure(
                FailureKind.PROOF_FAILED,
                "the replica " + replica.url() + " ends at " + head.txid() + " of " + head.time()
                        + ", but restore point " + known + " was confirmed there: its newest files are missing",
                "Bring the missing files back (bucket versioning?), or accept the loss with `restore --fallback`.");
    }

    /** Written down before, so that a run cut off right after the placing is not taken for a stranger's file. */
    private void announce(Upload.Restored restored, RestorePoint head) throws Failure {
        String file = Placement.identity(restored.file());
        long bytes = restored.file().toFile().length();
        Lineage lineage = new Lineage(replica.identity().orElse(""), head.txid(), bytes, "");
        journal.change(draft -> draft.placing(new Placing(file, lineage, head)));
    }

    private void record(RestorePoint point, RestorePoint head, String placed) throws Failure {
        String identity = replica.identity().orElse("");
        LocalFile now = LocalFile.look(settings);
        scope.measures().database(now.mainBytes());
        // Only the head itself may be called unchanged later on.
        String fingerprint = point.txid().equals(head.txid()) ? placed : "";
        List<RestorePoint> proofs = replica.proofs();
        journal.change(draft -> {
            proofs.forEach(draft::known);
            draft.replicaId(identity)
                    .headAccepted(head)
                    .descends(new Lineage(identity, head.txid(), now.mainBytes(), fingerprint));
        });
    }
}
