package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineState;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.run.snapshot.ChangeDetection.Found;
import io.github.litestow.run.snapshot.ChangeDetection.State;
import io.github.litestow.sqlite.Fingerprint;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.Ownership;
import io.github.litestow.store.Replica;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Brings the local database to the replica and has that confirmed: what changed, where that can be known
 * without the engine, and otherwise by the engine. What was confirmed is written down before anything
 * else can go wrong.
 */
final class SnapshotUpload {
    /** An application that has a database open that stays is not waited for. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    /** What is read within some tenths of a second, for which an application may have to wait. */
    private static final long SOON_READ = 64L << 20;

    private final RunContext context;
    private final ReplicaTransfer transfer;
    private final ChangeDetection detection;
    private final Soundness soundness;
    private final Clock clock;
    private final ConfiguredDatabase settings;
    private final Journal journal;
    private final Replica replica;

    SnapshotUpload(RunContext context, ReplicaTransfer transfer, Offload offload, Soundness soundness, Clock clock) {
        this.context = context;
        this.transfer = transfer;
        this.detection = new ChangeDetection(context, transfer, offload, soundness);
        this.soundness = soundness;
        this.clock = clock;
        this.settings = context.database().settings();
        this.journal = context.database().journal();
        this.replica = context.database().replica();
    }

    /**
     * What is confirmed now.
     *
     * @param state what the database was found to be before; {@code FREE} where that was not looked at
     */
    record Made(State state, RestorePoint point) {
        /** Whether nobody had it open, and its pages are known of the point. */
        boolean byPages() {
            return state == State.UNCHANGED || state == State.CHANGED;
        }
    }

    /** Uploads a database that is to go, once it was found out whether anybody has it open. */
    Made offloading(Offload.Use unchanged) throws Failure {
        return looked(settings.snapshot().sealTimeout(), unchanged);
    }

    /** Uploads a database that stays; without the engine only where that would copy everything, and nobody is there. */
    Made keeping() throws Failure {
        return withoutEngine() ? looked(AT_ONCE, (seal, proof) -> {}) : new Made(State.FREE, byEngine());
    }

    /** Whether the pages are probably looked at under a seal, which is when the database is checked then. */
    boolean looksAtPages(boolean stays) throws Failure {
        return transfer.knownPages().any() && (!stays || withoutEngine());
    }

    /** Whether the engine would copy everything, and the database may be sealed although it stays. */
    boolean withoutEngine() throws Failure {
        boolean all = EngineState.newestTxid(settings.engineFolder()).isEmpty()
                || settings.side("-wal").toFile().length() == 0;
        return all && (settings.snapshot().deleteLocal() || !context.serving() || smallOfGroup());
    }

    /** Nothing is held open of it between runs, so the engine would copy everything each time. */
    private boolean smallOfGroup() {
        return settings.group().isPresent() && settings.database().toFile().length() <= SOON_READ;
    }

    /** Uploads everything, because what is at the replica is not what it should be. */
    Made everything() throws Failure {
        soundness.require();
        context.at(Step.REPLICATE);
        RestorePoint point = transfer.confirmedAnew();
        record(point, Optional.empty());
        return new Made(State.FREE, point);
    }

    private Made looked(Duration most, Offload.Use unchanged) throws Failure {
        List<ReplicaFile> files = context.listing();
        Optional<String> head = context.head(files);
        Fingerprint before = Fingerprint.take(settings);
        try (Found found = detection.look(head, files, most, unchanged)) {
            if (found.state() == State.IN_USE) {
                soundness.require();
            }
            Optional<RestorePoint> newest =
                    journal.state().newest().filter(point -> head.equals(Optional.of(point.txid())));
            boolean untouched = found.state() == State.IN_USE && recorded().equals(Optional.of(before.text()));
            if (newest.isPresent() && (found.state() == State.UNCHANGED || untouched)) {
                context.statistics().uploaded(0);
                return new Made(found.state(), newest.get());
            }
            if (found.difference().isPresent()) {
                context.at(Step.REPLICATE);
                Optional<RestorePoint> point =
                        transfer.confirmed(found.difference().get(), files);
                if (point.isPresent()) {
                    record(point.get(), Optional.empty());
                    return new Made(State.CHANGED, point.get());
                }
            }
            State state = found.state() == State.IN_USE ? State.IN_USE : State.FREE;
            return new Made(state, byEngine());
        }
    }

    private Optional<String> recorded() {
        return journal.state().lineage().flatMap(Lineage::fingerprint);
    }

    private RestorePoint byEngine() throws Failure {
        soundness.require();
        context.at(Step.REPLICATE);
        Fingerprint before = Fingerprint.take(settings);
        RestorePoint point = transfer.confirmed(context.deadline().remaining());
        boolean nothingNew = transfer.ledger().known(point.txid()).isPresent();
        record(point, nothingNew ? trusted(before) : Optional.empty());
        transfer.differences().clear();
        return point;
    }

    private void record(RestorePoint point, Optional<String> fingerprint) throws Failure {
        transfer.ledger().record(point, LocalFile.look(settings).mainBytes(), fingerprint);
        rememberOwnership();
    }

    /**
     * Returns a fingerprint to believe in, if there is one. The engine found nothing new between {@code
     * before} and now, so if the WAL did not change either, what is here is what the replica holds.
     */
    private Optional<String> trusted(Fingerprint before) throws Failure {
        Fingerprint after = Fingerprint.take(settings);
        return after.sameWal(before) && after.walSettled(clock.instant())
                ? Optional.of(after.text())
                : Optional.empty();
    }

    /** Here and at the replica, where a new machine finds it. */
    private void rememberOwnership() throws Failure {
        String ownership = ownership();
        if (!journal.state().attributes().equals(Optional.of(ownership))) {
            journal.change(change -> change.attributes(ownership));
        }
        try {
            replica.ownership().keep(ownership);
        } catch (Failure e) {
            context.warn("owner and mode of the database could not be written down at the replica: " + e.getMessage());
        }
    }

    private String ownership() throws Failure {
        try {
            return Ownership.of(settings.database());
        } catch (IOException e) {
            throw Failure.disk("cannot read owner and mode of " + settings.database(), e);
        }
    }
}
