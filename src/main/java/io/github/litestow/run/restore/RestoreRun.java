package io.github.litestow.run.restore;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.CrashRecovery;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.LateWrites;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.run.snapshot.LineageCheck;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.PageSize;
import io.github.litestow.store.OldBackup;
import io.github.litestow.store.Replica;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One restore, from a look at the local path to the restored file in its place (design section 5).
 * The old file, if there is one to replace, goes to quarantine only when the new one is whole.
 */
public final class RestoreRun {
    private static final Logger LOG = Logger.getLogger(RestoreRun.class);

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);

    private final RunContext context;
    private final RestoreRequest request;
    private final Clock clock;
    private final ConfiguredDatabase settings;
    private final Journal journal;
    private final Replica replica;
    private final ReplicaTransfer transfer;
    private final RestoreDestination destination;
    private final LocalPresence presence;

    /** The fingerprint of a local database that is just what was once confirmed, and is brought forward. */
    private Optional<String> unchangedSince = Optional.empty();

    /** Prepares the run; {@link #run} does it. */
    public RestoreRun(RunContext context, RestoreRequest request, Litestream litestream, Clock clock) {
        this.context = context;
        this.request = request;
        this.clock = clock;
        this.settings = context.database().settings();
        this.journal = context.database().journal();
        this.replica = context.database().replica();
        this.transfer = new ReplicaTransfer(context, litestream, clock);
        this.destination = new RestoreDestination(context, request.target(), transfer, clock);
        this.presence = new LocalPresence(context, request.target());
    }

    /** Restores, and returns how that ended. */
    public Outcome run() throws Failure {
        context.at(Step.RECOVER);
        LocalFile local = CrashRecovery.run(context.database());
        context.at(Step.LOOK);
        destination.refuseUnusable();
        boolean hollow = presence.hollow(local);
        if (keepsLocalCopy(local) && !hollow) {
            presence.refuseForeign(local);
            presence.refuseStranger(local);
            return new Outcome.AlreadyPresent();
        }
        presence.refuseMountPoint(local);
        context.at(Step.PROBE);
        replica.probeReading();
        if (request.target().bringForward()) {
            // A service writes later on; what it restores must not be outrun by another one meanwhile.
            takeLease();
        }
        List<RestorePoint> points = withoutLateWrites(replica.points());
        if (points.isEmpty()) {
            return replica.onlyOldFormat() ? oldFormat() : nothing(hollow);
        }
        if (!request.target().elsewhere() && !request.target().replace()) {
            LineageCheck.refuseAnother(context);
        }
        explainOldBackup();
        Optional<Instant> at = request.point().at();
        if (at.isPresent() && points.stream().allMatch(point -> point.time().isAfter(at.get()))) {
            return new Outcome.NothingToRestore(Optional.of(points.get(0)), Optional.empty());
        }
        Optional<String> txid = request.point().txid();
        if (txid.isPresent() && points.stream().noneMatch(point -> point.txid().equals(txid.get()))) {
            return new Outcome.NothingToRestore(Optional.of(points.get(0)), txid);
        }
        RestorePoint head = points.get(points.size() - 1);
        boolean shortened = shortened(head);
        RestorePointSelection selection = new RestorePointSelection(context, transfer, points);
        context.at(Step.RESTORE);
        ReplicaTransfer.Restored restored = selection.restore(request);
        boolean inPlace = !request.target().elsewhere();
        if (shortened && inPlace) {
            forgetLost(head);
        }
        boolean passedOver = selection.passedOver() && inPlace;
        destination.put(restored, head, passedOver ? restored.point() : head, unchangedSince);
        if (passedOver) {
            EnginePosition.put(settings.engineFolder(), head.txid(), PageSize.of(settings.database(), LOCK_TIMEOUT));
        }
        return new Outcome.Restored(restored.point(), request.target().elsewhere(), context.notChecked());
    }

    private boolean keepsLocalCopy(LocalFile local) throws Failure {
        boolean present = local.state() == LocalFile.State.DATABASE || local.state() == LocalFile.State.FOREIGN;
        return present && !request.target().elsewhere() && !request.target().replace() && !outrun();
    }

    /** Whether the local database is just what was once confirmed, and the replica moved on. */
    private boolean outrun() throws Failure {
        Optional<Lineage> lineage = journal.state().lineage();
        Optional<String> from = lineage.flatMap(Lineage::head);
        if (!request.target().bringForward() || from.isEmpty()) {
            return false;
        }
        // Where no WAL was left to tell by, the pages are looked at, if it matters.
        boolean stamped = lineage.get().fingerprint().equals(Optional.of(fingerprint()));
        Optional<String> head = stamped || transfer.knownPages().any()
                ? LateWrites.seenAt(replica).head(replica.files())
                : Optional.empty();
        boolean movedOn = head.isPresent() && head.get().compareTo(from.get()) > 0 && untouched(stamped);
        if (movedOn && LineageCheck.wentBackInTime(context.database(), from.get(), head.get())) {
            context.warn("left at " + from.get() + " although the replica is at " + head.get() + ": "
                    + LineageCheck.WENT_BACK + ". Snapshots are refused until you choose. " + LineageCheck.WAYS_OUT);
            return false;
        }
        if (movedOn) {
            LOG.infof(
                    "%s: unchanged since %s and the replica is at %s; brought forward, the old copy goes to quarantine",
                    settings.name(), from.get(), head.get());
        }
        return movedOn;
    }

    private boolean untouched(boolean stamped) throws Failure {
        String before = fingerprint();
        boolean same = stamped
                || (QuietCheck.hasKnownPages(context.database(), clock.instant(), context.limit())
                        && fingerprint().equals(before));
        unchangedSince = same ? Optional.of(before) : Optional.empty();
        return same;
    }

    private String fingerprint() throws Failure {
        return Fingerprint.take(settings).text();
    }

    /** What a writer that was relieved of its lease wrote too late is no restore point. */
    private List<RestorePoint> withoutLateWrites(List<RestorePoint> all) throws Failure {
        LateWrites late = LateWrites.seenAt(replica);
        late.words(all).ifPresent(context::warn);
        return late.without(all);
    }

    /** With keys that may only read, a service can restore; its snapshots will say what they lack. */
    private void takeLease() throws Failure {
        try {
            context.takeLease();
        } catch (Failure e) {
            if (e.kind() != FailureKind.ACCESS_DENIED) {
                throw e;
            }
            context.warn("restored without the lease, snapshots will fail: " + e.getMessage());
        }
    }

    private Outcome nothing(boolean hollow) throws Failure {
        EmptyReplica.believe(replica, journal.state());
        if (request.required()) {
            throw new Failure(
                    FailureKind.REPLICA_MISSING,
                    "the replica " + replica.url() + " holds no restore point, and a restore is required",
                    "Check REPLICA_URL, or set LITESTOW_RESTORE_REQUIRED=false for a true first start.");
        }
        return hollow ? new Outcome.AlreadyPresent() : new Outcome.NothingToRestore(Optional.empty(), Optional.empty());
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
        context.at(Step.RESTORE);
        Path file = transfer.restoredNewest();
        RestorePoint point = RestorePoint.beforeAll(clock.instant());
        context.warn("restored from a backup of litestream 0.3; the next snapshot begins a new series beside it");
        destination.putOldFormat(file, unchangedSince);
        return new Outcome.Restored(point, request.target().elsewhere(), context.notChecked());
    }

    private void explainOldBackup() throws Failure {
        Optional<OldBackup> old = replica.oldBackupBeside();
        if (old.isPresent() && old.get().newer()) {
            context.warn(old.get().words());
        } else if (old.isPresent()) {
            LOG.infof("%s: %s", settings.name(), old.get().words());
        }
    }

    /**
     * A replica whose last file is missing restores silently to an older point (litestream 0.5.17),
     * so the head is held against what is known to have been there.
     *
     * @return whether newer points are lost, and that was accepted
     */
    private boolean shortened(RestorePoint head) throws Failure {
        Optional<String> lost = Stream.concat(replica.proofs().stream(), journal.state().newest().stream())
                .map(RestorePoint::txid)
                .max(String::compareTo)
                .filter(known -> known.compareTo(head.txid()) > 0);
        if (lost.isEmpty() || !request.point().newest()) {
            return false;
        }
        if (request.fallback()) {
            context.warn("the replica's newest files are missing: restore point " + lost.get() + " is lost, "
                    + head.txid() + " of " + head.time() + " is taken instead");
            return true;
        }
        throw new Failure(
                FailureKind.PROOF_FAILED,
                "the replica " + replica.url() + " ends at " + head.txid() + " of " + head.time()
                        + ", but restore point " + lost.get() + " was confirmed there: its newest files are missing",
                "Bring the missing files back (bucket versioning?), or accept the loss with `restore --fallback`.");
    }

    /** The files of these points are gone, and a person accepted that: they are no longer offered. */
    private void forgetLost(RestorePoint head) throws Failure {
        context.takeLease();
        context.database().lease().renew();
        replica.forgetAfter(head.txid());
    }
}
