package io.github.litestow.run.restore;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.DifferenceUpload;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.FileHistory;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Ownership;
import io.github.litestow.sqlite.Quarantine;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.Replica;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a restored file goes: to a new file, of which nothing is written down, or to the database's
 * own place, which the journal knows before and after.
 */
final class RestoreDestination {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

    private final RunContext context;
    private final RestoreRequest.Target target;
    private final ReplicaTransfer transfer;
    private final Clock clock;
    private final ConfiguredDatabase settings;
    private final Journal journal;
    private final Replica replica;

    RestoreDestination(RunContext context, RestoreRequest.Target target, ReplicaTransfer transfer, Clock clock) {
        this.context = context;
        this.transfer = transfer;
        this.target = target;
        this.clock = clock;
        this.settings = context.database().settings();
        this.journal = context.database().journal();
        this.replica = context.database().replica();
    }

    /**
     * Refuses a file elsewhere that cannot be made, before anything is downloaded for it.
     *
     * @throws Failure {@code REFUSED} when something is there or its folder is not; {@code DISK} when the
     *     folder cannot be written to
     */
    void refuseUnusable() throws Failure {
        if (target.file().isPresent()) {
            RestoredFileInstaller.requireRoomForNew(target.file().get());
        }
    }

    /**
     * Puts a restored file where it was asked for.
     *
     * @param restored the file and its point
     * @param head where the replica ends
     * @param accepted the newest point that is believed from now on: {@code head}, unless that is damaged
     * @param unchangedSince the fingerprint of a database that may be replaced as long as it has it
     */
    void put(
            ReplicaTransfer.Restored restored,
            RestorePoint head,
            RestorePoint accepted,
            Optional<String> unchangedSince)
            throws Failure {
        context.at(Step.PLACE);
        if (target.elsewhere()) {
            putElsewhere(restored.file());
            return;
        }
        transfer.knownPages().restored(restored.point().txid(), restored.file());
        StateFolder.delete(DifferenceUpload.pending(settings));
        long bytes = restored.file().toFile().length();
        Lineage lineage = new Lineage(identity(), Optional.of(head.txid()), bytes, Optional.empty());
        announce(restored, accepted, lineage);
        String fingerprint = install(restored.file(), unchangedSince);
        boundQuarantine();
        context.at(Step.RECORD);
        record(restored.point(), head, accepted, lineage, fingerprint);
    }

    /** A replica that lost its identity gets it again with the next upload, and may get it back before. */
    private Optional<String> identity() throws Failure {
        Optional<String> now = replica.id();
        Optional<String> before = journal.state().replicaId();
        return now.isEmpty() && replica.isStill(now, before, journal.state().newest()) ? before : now;
    }

    /** The database is in its place: what is left over from before fails no restore. */
    private void boundQuarantine() {
        try {
            Quarantine.bound(settings, clock.instant())
                    .forEach(entry -> context.note("deleted from quarantine, past its bounds: " + entry));
        } catch (Failure e) {
            context.warn("the quarantine could not be kept within its bounds: " + e.getMessage());
        }
    }

    /** Does the same with a file from a backup of litestream 0.3, which has no points and no head. */
    void putOldFormat(Path restored, Optional<String> unchangedSince) throws Failure {
        context.at(Step.PLACE);
        if (target.elsewhere()) {
            putElsewhere(restored);
            return;
        }
        install(restored, unchangedSince);
        context.at(Step.RECORD);
        Lineage lineage = new Lineage(
                Optional.empty(), Optional.empty(), LocalFile.look(settings).mainBytes(), Optional.empty());
        journal.change(change -> change.descends(lineage));
    }

    private void putElsewhere(Path restored) throws Failure {
        Path file = elsewhere();
        Path folder = file.toAbsolutePath().getParent();
        if (!DiskSpace.sameDisk(folder, settings.stateFolder())) {
            DiskSpace.require(folder, restored.toFile().length(), "the restored database");
        }
        RestoredFileInstaller.putAside(restored, file);
    }

    private Path elsewhere() throws Failure {
        return target.file().isPresent() ? target.file().get() : RestoredFileInstaller.newAside(settings, context.id());
    }

    /** Written down before, so that a run cut off right after the placing is not taken for a stranger's file. */
    private void announce(ReplicaTransfer.Restored restored, RestorePoint accepted, Lineage lineage) throws Failure {
        String fileId = RestoredFileInstaller.fileId(restored.file()).orElseThrow();
        journal.change(change -> change.restoring(fileId, lineage, accepted));
    }

    /** Returns the fingerprint that the database has as long as nothing is committed there. */
    private String install(Path restored, Optional<String> unchangedSince) throws Failure {
        RestoredFileInstaller.Placed placed = RestoredFileInstaller.put(
                settings, restored, overwritePolicy(unchangedSince), ownership(), clock.instant());
        placed.warnings().forEach(context::warn);
        return placed.fingerprint();
    }

    /** As this machine knows it, or else as the one that uploaded the database wrote it down. */
    private Optional<String> ownership() {
        Optional<String> known = journal.state().attributes();
        if (known.isPresent()) {
            return known;
        }
        try {
            return replica.ownership().read().filter(Ownership::valid);
        } catch (Failure e) {
            context.warn(
                    "what the replica records of the database's owner and mode could not be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The restore may take long, and the application may have begun to write meanwhile. */
    private RestoredFileInstaller.OverwritePolicy overwritePolicy(Optional<String> unchangedSince) {
        if (target.replace()) {
            return RestoredFileInstaller.OverwritePolicy.ANYTHING;
        }
        return unchangedSince
                .map(RestoredFileInstaller.OverwritePolicy::unchangedSince)
                .orElse(RestoredFileInstaller.OverwritePolicy.NOTHING);
    }

    /** An application may already be using it, and in a way that nobody can look at it. */
    private Optional<FileHistory> history() {
        try {
            return Optional.of(FileHistory.of(settings, LOCK_TIMEOUT));
        } catch (Failure e) {
            context.note("the restored file was not looked at: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void record(RestorePoint point, RestorePoint head, RestorePoint accepted, Lineage announced, String placed)
            throws Failure {
        context.statistics().database(announced.bytes());
        // Only the head itself may be called unchanged later on.
        Optional<String> fingerprint = point.txid().equals(head.txid()) ? Optional.of(placed) : Optional.empty();
        Lineage lineage =
                new Lineage(announced.replicaId(), announced.head(), announced.bytes(), fingerprint, history());
        List<RestorePoint> proofs = proofs();
        journal.change(change -> {
            proofs.forEach(change::recorded);
            change.replicaId(announced.replicaId()).headAccepted(accepted).descends(lineage);
        });
    }

    /** The database is in its place: that the replica cannot be asked any more makes no failure of it. */
    private List<RestorePoint> proofs() {
        try {
            return replica.proofs();
        } catch (Failure e) {
            context.warn("restored, but what the replica records of its restore points could not be read: "
                    + e.getMessage());
            return List.of();
        }
    }
}
