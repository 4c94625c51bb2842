package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineFailures;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.EngineState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.PageSize;
import io.github.litestow.store.FileVerdict;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.Optional;

/**
 * What to do when the engine cannot go on from its local state, or from where the replica ends. The
 * cheap causes come first: local state is made anew, a download is tried again. Only a file that our own
 * look finds damaged is passed over, by a whole snapshot behind it. Nothing at the replica is moved or
 * deleted, so there is nothing to put back. For the uploads of one step of a run.
 */
final class EngineRecovery {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_ATTEMPTS = 3;

    private final RunContext context;
    private final ReplicaInspection inspection;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    private int attempts;
    private boolean passedOver;
    private boolean newSeries;

    EngineRecovery(RunContext context, ReplicaInspection inspection) {
        this.context = context;
        this.inspection = inspection;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /**
     * The engine keeps one page size per series (0.5.17): after a migration to another one every upload
     * fails. Then a new series begins behind the old one, whose points stay.
     */
    void followPageSize() throws Failure {
        Optional<Integer> before = EngineState.pageSize(settings.engineFolder());
        if (before.isEmpty()) {
            before = replica.contents().pageSize();
        }
        int now = PageSize.of(settings.database(), LOCK_TIMEOUT);
        if (before.isEmpty() || before.get() == now) {
            return;
        }
        Optional<String> head = replica.contents().positionOfEngine();
        if (head.isPresent()) {
            EnginePosition.put(settings.engineFolder(), head.get(), now);
            saysNewSeries(head.get(), before.get(), now);
        }
    }

    private void saysNewSeries(String head, int before, int now) {
        if (!newSeries) {
            newSeries = true;
            context.warn("the page size of the database is " + now + ", that of restore points up to " + head + " is "
                    + before + ": a new series begins at the same replica with a whole snapshot, the earlier points"
                    + " stay");
        }
    }

    /**
     * Prepares the next attempt after a failed upload.
     *
     * @throws Failure when another one is no use: {@code e} itself, or what is really wrong
     */
    void after(Failure e) throws Failure {
        attempts++;
        if (e.kind() == FailureKind.SOURCE_DAMAGED) {
            secondLook(e);
        } else {
            mend(e);
        }
        context.database().lease().renew();
        context.requireWritable();
    }

    private void mend(Failure e) throws Failure {
        boolean local = EngineState.newestTxid(settings.engineFolder()).isPresent();
        if (passedOver || attempts > MAX_ATTEMPTS || !EngineFailures.mayBeOwnFiles(e)) {
            throw e;
        }
        if (attempts == 1) {
            EngineState.drop(settings.engineFolder());
            if (local) {
                context.warn("the engine could not go on from its local state, which was made anew; everything is"
                        + " uploaded once more: " + e.getMessage());
            } else {
                context.note("tried again: " + e.getMessage());
            }
        } else if (!EngineFailures.saysDamagedFile(e)) {
            throw e;
        } else {
            lookAtReplica(e);
        }
    }

    /** The engine's word alone calls no database damaged: what it stumbles over may be over in a moment. */
    private void secondLook(Failure said) throws Failure {
        LocalFile local = LocalFile.look(settings);
        if (local.state() != LocalFile.State.DATABASE) {
            throw said;
        }
        CheckedRestore.requireSound(context, local);
        if (attempts > 1) {
            throw new Failure(
                    FailureKind.INTERNAL,
                    "SQLite finds the database sound, the engine does not: " + said.getMessage(),
                    "Nothing was deleted. If it stays, keep a copy by hand, and please report this with the message.",
                    said);
        }
        context.note("tried again, SQLite finds the database sound: " + said.getMessage());
    }

    private void lookAtReplica(Failure e) throws Failure {
        Optional<FileVerdict> verdict = inspection.ofPosition();
        if (verdict.isEmpty()) {
            throw e;
        }
        EngineState.drop(settings.engineFolder());
        if (verdict.get().state() == FileVerdict.State.WHOLE) {
            if (attempts == MAX_ATTEMPTS) {
                throw new Failure(
                        FailureKind.REPLICA_UNREACHABLE,
                        "the engine cannot read " + verdict.get().file().key() + " of " + settings.replica()
                                + ", which is whole (read to its end, checksum right): " + e.getMessage(),
                        "Downloads are cut off or spoiled on their way: try again; if it stays, check the network, the"
                                + " store's own log, and this host's memory and disk. Nothing was changed at the"
                                + " replica.",
                        e);
            }
            context.note("tried again, the replica's file is whole: " + e.getMessage());
            return;
        }
        passedOver = true;
        EnginePosition.put(
                settings.engineFolder(),
                verdict.get().file().maxTxid(),
                PageSize.of(settings.database(), LOCK_TIMEOUT));
        context.warn("a file of the replica is damaged and passed over by a whole snapshot; it stays where it is: "
                + verdict.get().words());
    }
}
