package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineState;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.WalPosition;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.RunEvidence;
import io.github.litestow.run.Step;
import io.github.litestow.sqlite.WalPin;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Proves a database that stays, while its writers go on; no lock of theirs is ever taken. A read
 * transaction keeps what is in the WAL; then the engine uploads, and says up to where in the WAL its
 * newest transaction reaches; that transaction is restored from the replica, and compared page by page with what
 * the database was there (decision record 0020).
 */
final class OnlineVerification {
    private static final int ATTEMPTS = 3;

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
     * @return the proven point; empty when the database did not keep what was uploaded for long enough
     * @throws Failure {@code PROOF_FAILED} when the replica restores something else
     */
    Optional<RestorePoint> prove() throws Failure {
        boolean anew = false;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            context.at(Step.REPLICATE);
            // Before the engine reads the WAL, so that nothing it reads is gone when it is compared.
            Optional<WalPin> pin = context.wal().keepStill();
            RestorePoint point = anew
                    ? transfer.confirmedAnew()
                    : transfer.confirmed(context.deadline().remaining());
            try {
                if (pin.isPresent()) {
                    return Optional.of(compared(point, pin.get()));
                }
                context.note("not in WAL mode before the upload");
            } catch (Failure e) {
                anew = anewAfter(e, anew);
            }
        }
        return Optional.empty();
    }

    /** Returns whether everything is to be uploaded for the next attempt; throws what another one cannot mend. */
    private boolean anewAfter(Failure e, boolean anew) throws Failure {
        if (e.kind() == FailureKind.BUSY && !context.cancellation().cancelled()) {
            context.note("not compared: " + e.getMessage());
            return anew;
        }
        if (e.kind() != FailureKind.PROOF_FAILED || anew) {
            throw e;
        }
        context.warn("not proven, uploading a whole snapshot: " + e.getMessage());
        return true;
    }

    private RestorePoint compared(RestorePoint point, WalPin pin) throws Failure {
        WalPosition end = EngineState.walPosition(settings.engineFolder())
                .orElseThrow(() -> new Failure(
                        FailureKind.BUSY,
                        "the engine does not say where " + point.txid() + " ends",
                        "The next run tries again."));
        context.at(Step.RESTORE);
        Path restored = transfer.restored(point);
        context.at(Step.COMPARE);
        Optional<String> difference = difference(pin, end, restored);
        if (difference.isPresent()) {
            context.admitted().require();
            transfer.knownPages().refuted(point.txid());
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "what the replica restores for " + point.txid() + " differs from the local database: "
                            + difference.get(),
                    "The local database is whole. Do not rely on " + settings.replica()
                            + " until a later run proves; keep a copy by hand.");
        }
        context.evidence().proven(RunEvidence.How.LIVE);
        transfer.knownPages().learn(point.txid(), restored);
        return point.as(Assurance.PROVEN);
    }

    /** The pin is on a file, but the WAL has only a name: with another file there it is another's, or gone. */
    private Optional<String> difference(WalPin pin, WalPosition end, Path restored) throws Failure {
        try {
            return pin.difference(end, restored, context.limit());
        } catch (Failure e) {
            context.admitted().require();
            throw e;
        }
    }
}
