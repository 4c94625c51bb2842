package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.difference.Difference;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.engine.EngineState;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.FileVerdict;
import io.github.litestow.store.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Brings what changed to the replica as the engine's next transaction, where the engine could only copy
 * everything. It is put where nothing is, never over anybody's file, and counts no more than what the
 * engine uploads: it is listed, restored by the engine and compared before anything is deleted on it.
 *
 * <p>The file is kept in the state folder for as long as the database stays and the engine uploads nothing,
 * as the engine keeps its own: a run that was cut off, or lost its journal, sees by it that the replica's
 * head comes from this database.
 */
public final class DifferenceUpload {
    /** As the engine's own state folder has it, so that both are looked into in one way. */
    private static final String LEVEL_0 = "ltx/0";

    private final RunContext context;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    private final RunLedger ledger;
    private final RunTime time;

    DifferenceUpload(RunContext context, RunLedger ledger, RunTime time) {
        this.context = context;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
        this.ledger = ledger;
        this.time = time;
    }

    /** Returns where a file is that is on its way to the replica. */
    public static Path pending(ConfiguredDatabase database) {
        return database.stateFolder().resolve("difference");
    }

    /** Whether the replica ends with a file that a run which was cut off was putting there. */
    public static boolean headIsPending(Replica replica, ConfiguredDatabase database) throws Failure {
        return Files.isDirectory(pending(database)) && replica.contents().headIsFrom(pending(database));
    }

    /**
     * Returns how large a difference may be, in bytes: 0 where a whole snapshot is due, or the store puts nothing
     * on condition. Whether the engine ever worked on the database, the seal finds out.
     *
     * @param files what is at the replica
     */
    public long room(List<ReplicaFile> files) throws Failure {
        long room = UploadPolicy.roomForDifference(files);
        return room > 0 && putsOnCondition() ? room : 0;
    }

    /**
     * Prepares a difference since where the replica ends.
     *
     * @param since what is known of that
     * @param room how large it may be, in bytes
     */
    public Difference prepare(PageIndex since, long room) throws Failure {
        try {
            clear();
            Path folder = Files.createDirectories(pending(settings).resolve(LEVEL_0));
            Path scratch = context.scratch();
            Files.deleteIfExists(scratch.resolve("pages.index"));
            return new Difference(since, folder, scratch, room, time.now());
        } catch (IOException e) {
            throw Failure.disk("cannot write what changed of " + settings.database(), e);
        }
    }

    /** A store that was never tried is tried now: it must let one of two writers win. */
    private boolean putsOnCondition() {
        if (!replica.keepsObjects() || !replica.store().conditionalWrites()) {
            return false;
        }
        if (context.database().journal().state().conditionalWrites().isEmpty()) {
            context.database().testConditionalWrites();
        }
        return context.database().journal().state().conditionalWrites().orElse(false);
    }

    /**
     * Uploads it, and has a listing confirm that the replica ends with it.
     *
     * @param files what is at the replica, listed under this lease
     * @return the point; empty when it is damaged at the replica, which the engine passes over
     * @throws Failure {@code BUSY} when another writer was there first, {@code PROOF_FAILED} when the replica
     *     does not end with it
     */
    Optional<RestorePoint> confirmed(Difference difference, List<ReplicaFile> files) throws Failure {
        ledger.before(files);
        // Its position is before this transaction, which it would write over.
        EngineState.drop(settings.engineFolder());
        context.requireWritable();
        String txid = difference.txid();
        ReplicaFile file = new ReplicaFile(0, txid, txid, difference.bytes(), Instant.EPOCH);
        if (!replica.create(file, difference.file(), context.deadline().remaining(), context::requireWritable)) {
            throw new Failure(
                    FailureKind.BUSY,
                    "another writer put " + file.key() + " at " + settings.replica()
                            + " while this run was about to, which was not written over",
                    "Find out who else writes to this replica and stop it. Nothing was deleted; the next run says what"
                            + " differs.");
        }
        List<ReplicaFile> now = replica.files();
        ledger.after(now);
        if (!replica.contents(now).headIsFrom(pending(settings))) {
            requireDamaged(file, files, now);
            return Optional.empty();
        }
        context.requireWritable();
        placeIndex(difference);
        return Optional.of(new RestorePoint(txid, time.now(), Assurance.CONFIRMED));
    }

    /**
     * What cannot be read to its end as it was made is nobody's state, so that passing over it loses nothing.
     * The next run could not do that any more: it would see a newest point that it does not know.
     */
    private void requireDamaged(ReplicaFile put, List<ReplicaFile> before, List<ReplicaFile> now) throws Failure {
        List<ReplicaFile> added =
                now.stream().filter(file -> !before.contains(file)).toList();
        // Whatever else is new, or is written over meanwhile, is another writer's.
        boolean ours = added.size() == 1 && added.get(0).key().equals(put.key());
        Optional<FileVerdict> damage = ours
                ? Optional.of(replica.inspect(added.get(0), this::requireTime))
                        .filter(verdict -> verdict.state() == FileVerdict.State.DAMAGED)
                : Optional.empty();
        if (damage.isEmpty() || !replica.files().equals(now)) {
            throw notListed(
                    settings,
                    "the store took " + put.key() + ", but the replica's listing does not end with what was put");
        }
        context.warn("what was put at the replica is damaged there, everything is uploaded: "
                + damage.get().words());
    }

    private void requireTime() throws Failure {
        context.deadline().remaining();
        context.requireWritable();
    }

    private void placeIndex(Difference difference) {
        try {
            difference.placeIndex(PageIndex.place(settings), Optional.empty());
        } catch (IOException e) {
            context.note("the pages of " + difference.txid() + " are not remembered: " + e.getMessage());
        }
    }

    /** Nothing here says any more that the replica's head comes from this database. */
    public void clear() throws Failure {
        StateFolder.delete(pending(settings));
    }

    /** What was uploaded is not what the replica is seen to end with. */
    static Failure notListed(ConfiguredDatabase settings, String cause) {
        return new Failure(
                FailureKind.PROOF_FAILED,
                cause,
                "Nothing was deleted. Another writer may use " + settings.replica()
                        + ", or the store does not keep what it acknowledges, or lists it late: then the next run may be"
                        + " well.");
    }
}
