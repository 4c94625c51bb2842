package io.github.litestow.run;

import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Standing;
import io.github.litestow.litestream.Litestream;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.replica.Replica;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Ownership;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.Seal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One snapshot, from a look at the local database to its deletion on proof (design section 4). Reads
 * top to bottom in {@link #run}; each step either goes on or ends the run with nothing lost.
 */
final class SnapshotRun {
    private static final int ATTEMPTS = 3;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    private final RunScope scope;
    private final SnapshotRequest request;
    private final Litestream litestream;
    private final Clock clock;
    private final DatabaseSettings settings;
    private final Journal journal;
    private final Replica replica;
    private final Upload upload;

    SnapshotRun(RunScope scope, SnapshotRequest request, Litestream litestream, Clock clock) {
        this.scope = scope;
        this.request = request;
        this.litestream = litestream;
        this.clock = clock;
        this.settings = scope.database().settings();
        this.journal = scope.database().journal();
        this.replica = scope.database().replica();
        this.upload = new Upload(scope, litestream, clock);
    }

    Outcome run() throws Failure {
        scope.at(Step.RECOVER);
        LocalFile local = Recovery.run(scope.database());
        scope.at(Step.LOOK);
        if (local.state() == LocalFile.State.MISSING) {
            return new Outcome.NothingToSnapshot();
        }
        scope.measures().database(local.mainBytes());
        Optional<Outcome> unchanged = unchanged();
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        refuseUnsound(local);
        scope.at(Step.PROBE);
        replica.probe();
        scope.takeLease();
        scope.at(Step.ADMIT);
        new Admission(scope, litestream)
                .decide(local, request.adopt() || settings.snapshot().adopt());
        String differed = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            scope.at(Step.REPLICATE);
            RestorePoint confirmed = replicate();
            refuseStandstill(confirmed, differed);
            if (stays()) {
                return keep(confirmed, Outcome.Kept.ASKED);
            }
            scope.at(Step.RESTORE);
            Upload.Restored restored = upload.restoredOrHealed(confirmed);
            Optional<Outcome> end = offload(restored.point(), restored.file());
            if (end.isPresent()) {
                return end.get();
            }
            differed = restored.point().txid();
        }
        return keep(journal.standing().newest().orElseThrow(), Outcome.Kept.CHANGED);
    }

    private Optional<Outcome> unchanged() throws Failure {
        Standing standing = journal.standing();
        if (stays() && !request.confirmOnly() && !provenLately()) {
            // Nothing may have happened here, but the replica can rot by itself.
            return Optional.empty();
        }
        if (standing.lineage().isEmpty() || standing.newest().isEmpty()) {
            return Optional.empty();
        }
        String recorded = standing.lineage().get().fingerprint();
        return !recorded.isEmpty() && recorded.equals(Fingerprint.take(settings).text())
                ? Optional.of(new Outcome.Unchanged(standing.newest().get()))
                : Optional.empty();
    }

    /** Damaged, zero bytes, not a database, under two names, too little room: refused before anything is uploaded. */
    private void refuseUnsound(LocalFile local) throws Failure {
        switch (local.state()) {
            case EMPTY ->
                throw new Failure(
                        FailureKind.REFUSED,
                        settings.database() + " has no bytes",
                        "Nothing was uploaded. An application's connect makes such a file; bring the database back with"
                                + " `restore`, or let the application write to it.");
            case FOREIGN ->
                throw new Failure(
                        FailureKind.SOURCE_DAMAGED,
                        settings.database() + " is not an SQLite database",
                        "Nothing was uploaded and the replica is as it was. Go back to it with `restore --replace`.");
            default -> DatabaseCheck.quick(settings, local, LOCK_PATIENCE);
        }
        if (!stays()) {
            LocalFile.requireOneName(settings.database());
        }
        DiskSpace.require(settings, 2 * local.bytes());
    }

    /** Whoever wrote between upload and seal must have brought the engine a new transaction. */
    private void refuseStandstill(RestorePoint confirmed, String differed) throws Failure {
        if (confirmed.txid().equals(differed)) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the engine says that nothing is new after " + differed
                            + ", but the local database differs from what that restores",
                    "Nothing was deleted. Check that the binary is litestream of generation 0.5, and keep a copy by hand"
                            + " until a run proves again.");
        }
    }

    /** Uploads, and writes down what was confirmed before anything else can go wrong. */
    private RestorePoint replicate() throws Failure {
        Fingerprint before = Fingerprint.take(settings);
        RestorePoint point = upload.confirmed(scope.deadline().remaining());
        boolean nothingNew = upload.known(point.txid()).isPresent();
        LocalFile now = LocalFile.look(settings);
        upload.record(point, now.mainBytes(), nothingNew ? trusted(before) : "");
        return point;
    }

    private boolean stays() {
        return request.keep() || !settings.snapshot().deleteLocal();
    }

    private boolean provenLately() {
        Instant due = clock.instant().minus(settings.verifyEvery());
        return journal.standing().provenAt().filter(time -> time.isAfter(due)).isPresent();
    }

    /** A database that stays, for whatever reason, is proven at least once per {@code verify.every}. */
    private Outcome keep(RestorePoint confirmed, Outcome.Kept why) throws Failure {
        // Three comparisons that failed need not be a writer's doing: then it is proven in any case.
        boolean provenLately = why != Outcome.Kept.CHANGED && provenLately();
        if (provenLately || request.confirmOnly()) {
            return new Outcome.Snapshotted(confirmed, why);
        }
        Optional<RestorePoint> proven = new LiveProof(scope, upload).prove();
        if (proven.isEmpty()) {
            scope.warn("confirmed, but too busy to be proven; the next run tries again");
            return new Outcome.Snapshotted(confirmed, why);
        }
        upload.recordProof(proven.get(), LocalFile.look(settings).mainBytes());
        return new Outcome.Snapshotted(proven.get(), why);
    }

    /**
     * Returns a fingerprint to believe in, or nothing. The engine found nothing new between {@code
     * before} and now, so if the WAL did not change either, what lies here is what the replica holds.
     */
    private String trusted(Fingerprint before) throws Failure {
        Fingerprint after = Fingerprint.take(settings);
        return stays() && after.sameWal(before) && after.walSettled(clock.instant()) ? after.text() : "";
    }

    /** Seal, compare, delete. Empty when somebody wrote since the upload, so that it must be redone. */
    private Optional<Outcome> offload(RestorePoint confirmed, Path copy) throws Failure {
        scope.at(Step.SEAL);
        scope.database().lease().confirm();
        Duration patience = scope.deadline().remaining(settings.snapshot().sealTimeout());
        Optional<Seal> sealed = Seal.take(settings, patience);
        if (sealed.isEmpty()) {
            return Optional.of(keep(confirmed, Outcome.Kept.IN_USE));
        }
        try (Measures.Sealed measured = scope.measures().sealed();
                Seal seal = sealed.get()) {
            scope.at(Step.COMPARE);
            Optional<Proof> proof = seal.compare(copy, confirmed.txid());
            if (proof.isEmpty()) {
                return Optional.empty();
            }
            RestorePoint proven = confirmed.as(Assurance.PROVEN);
            scope.database().lease().rely();
            if (scope.cancellation().cancelled()) {
                journal.change(draft -> draft.point(proven));
                return Optional.of(new Outcome.Snapshotted(proven, Outcome.Kept.STOPPING));
            }
            scope.at(Step.DELETE);
            String ownership = ownership();
            journal.change(draft -> draft.point(proven)
                    .provenAt(clock.instant())
                    .attributes(ownership)
                    .offloading(proven.txid()));
            seal.delete(proof.get());
        }
        RestorePoint offloaded = confirmed.as(Assurance.OFFLOADED);
        journal.change(draft -> draft.point(offloaded).offloaded());
        return Optional.of(new Outcome.Offloaded(offloaded));
    }

    private String ownership() throws Failure {
        try {
            return Ownership.of(settings.database());
        } catch (IOException e) {
            throw Failure.disk("cannot read owner and mode of " + settings.database(), e);
        }
    }
}
