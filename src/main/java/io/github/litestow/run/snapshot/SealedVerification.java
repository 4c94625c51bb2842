package io.github.litestow.run.snapshot;

import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.ReplicaTransfer;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import java.util.Optional;

/**
 * Proves a database that stays and that nobody had open just now: no writer need be held back, and the
 * engine need not upload.
 */
final class SealedVerification {
    private final RunContext context;
    private final ReplicaTransfer transfer;
    private final Offload offload;

    SealedVerification(RunContext context, ReplicaTransfer transfer, Offload offload) {
        this.context = context;
        this.transfer = transfer;
        this.offload = offload;
    }

    /**
     * Proves what was confirmed.
     *
     * @param confirmed the point, of which the pages are known
     * @return the proven point; empty when somebody opened the database meanwhile, or it differs
     */
    Optional<RestorePoint> prove(RestorePoint confirmed) throws Failure {
        context.at(Step.RESTORE);
        ReplicaTransfer.Restored restored = transfer.restoredOrHealed(confirmed);
        Offload.End end = offload.compare(restored, (seal, proof) -> {});
        if (end == Offload.End.DIFFERENT && restored.point().equals(confirmed)) {
            distrusts(restored);
        }
        return end == Offload.End.DONE ? Optional.of(restored.point().as(Assurance.PROVEN)) : Optional.empty();
    }

    /** Whether what was uploaded by its pages is something else; if not, somebody wrote meanwhile. */
    boolean distrusts(ReplicaTransfer.Restored restored) throws Failure {
        String txid = restored.point().txid();
        boolean distrusts = !transfer.knownPages().confirmedBy(txid, restored.file());
        if (distrusts) {
            context.warn("what the replica restores for " + txid + " is not what was found to have changed:"
                    + " everything is uploaded");
        }
        return distrusts;
    }
}
