package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineFailures;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.OnlineCopy;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.sqlite.WriterPause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Proves a database that stays, while its writers go on: for an instant they are held back, the
 * engine uploads what is new, and a copy of just that state is compared with what the replica
 * restores (design section 4).
 */
final class OnlineVerification {
    private static final int ATTEMPTS = 3;

    /** Writers wait at the most this long for what was committed since the upload before. */
    private static final Duration PAUSE_TIMEOUT = Duration.ofSeconds(10);

    private final RunContext context;
    private final ReplicaTransfer transfer;
    private final ConfiguredDatabase settings;

    OnlineVerification(RunContext context, ReplicaTransfer transfer) {
        this.context = context;
        this.transfer = transfer;
        this.settings = context.database().settings();
    }

    /**
     * Proves the newest state.
     *
     * @return the proven point; empty when the database was too busy to be held back
     * @throws Failure {@code PROOF_FAILED} when the replica restores something else
     */
    Optional<RestorePoint> prove() throws Failure {
        boolean anew = false;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            context.at(Step.REPLICATE);
            if (anew) {
                transfer.confirmedAnew();
            } else {
                transfer.confirmed(context.deadline().remaining());
            }
            context.at(Step.SEAL);
            Optional<RestorePoint> point = copyOfOneState();
            if (point.isPresent()) {
                try {
                    return Optional.of(compare(point.get()));
                } catch (Failure e) {
                    if (e.kind() != FailureKind.PROOF_FAILED || anew) {
                        throw e;
                    }
                    anew = true;
                    context.warn("not proven, uploading a whole snapshot: " + e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    private Path copy() throws Failure {
        return context.scratch().resolve("local.db");
    }

    private Optional<RestorePoint> copyOfOneState() throws Failure {
        StateFolder.delete(copy());
        // Writers must not be held back while other databases' engines are waited for.
        try (Litestream.Turn turn = transfer.turn()) {
            return copyWhilePaused(turn);
        }
    }

    private Optional<RestorePoint> copyWhilePaused(Litestream.Turn turn) throws Failure {
        Optional<WriterPause> taken = WriterPause.take(
                settings, context.deadline().remaining(settings.snapshot().sealTimeout()));
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        try (WriterPause pause = taken.get()) {
            RestorePoint point = transfer.confirmedAtOnce(turn, PAUSE_TIMEOUT);
            pause.lift();
            pause.copy(copy(), context.limit());
            return Optional.of(point);
        } catch (Failure e) {
            boolean busy = e.kind() == FailureKind.BUSY || e.kind() == FailureKind.TIMEOUT;
            // What keeps the engine from going on is mended by the next attempt, with writers at work.
            boolean mendable = EngineFailures.saysDamagedFile(e);
            if (!(busy || mendable) || context.cancellation().cancelled()) {
                throw e;
            }
            // The engine cannot work beside the lock while the WAL is empty or just restarted; the
            // next attempt finds it otherwise.
            context.note("held back in vain: " + e.getMessage());
            return Optional.empty();
        }
    }

    private RestorePoint compare(RestorePoint point) throws Failure {
        context.at(Step.RESTORE);
        Path restored = transfer.restored(point);
        context.at(Step.COMPARE);
        Optional<String> difference = OnlineCopy.difference(copy(), restored, context.limit());
        if (difference.isPresent()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "what the replica restores for " + point.txid() + " differs from the local database: "
                            + difference.get(),
                    "The local database is whole. Do not rely on " + settings.replica()
                            + " until a later run proves; keep a copy by hand.");
        }
        transfer.knownPages().learn(point.txid(), restored);
        return point.as(Assurance.PROVEN);
    }
}
