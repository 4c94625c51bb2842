package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineFailures;
import io.github.litestow.engine.EngineProgress;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ProvenFile;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.RestoredCheck;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.store.FileVerdict;
import io.github.litestow.store.Replica;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** From the replica into scratch, and whose fault it is when that fails. */
final class ScratchRestore {
    private final RunContext context;
    private final Litestream litestream;
    private final ConfiguredDatabase settings;
    private final Replica replica;

    ScratchRestore(RunContext context, Litestream litestream) {
        this.context = context;
        this.litestream = litestream;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /** A restored file, and what the replica's files were just before. */
    record Copy(Path file, List<ProvenFile> evidence) {}

    /**
     * Restores a point beside the database, integrity-checked, from the very files that
     * were proven where that is recorded.
     *
     * @param bytes how large it will be, 0 if that is not known
     * @throws Failure {@code PROOF_FAILED} only when a second look agrees that the replica is at fault;
     *     when every file there is whole, {@code REPLICA_UNREACHABLE}
     */
    Copy of(RestorePoint point, long bytes) throws Failure {
        Optional<List<ReplicaFile>> confirmed = context.confirmedBy();
        List<ProvenFile> before = confirmed.isPresent()
                ? replica.evidence().of(point.txid(), confirmed.get())
                : replica.evidence().of(point.txid());
        Path file;
        try {
            file = atOnce(Optional.of(point.txid()), bytes);
        } catch (Failure e) {
            if (e.kind() != FailureKind.PROOF_FAILED || EngineFailures.notBelieved(e)) {
                throw e;
            }
            file = afterALook(point, bytes, e);
        }
        // Outside of the second look: a file that another writer replaced is whole, and not what was proven.
        replica.evidence().require(point.txid(), before);
        return new Copy(file, before);
    }

    /** What is whole at the replica restores at the second attempt, or it is not the replica's fault. */
    private Path afterALook(RestorePoint point, long bytes, Failure why) throws Failure {
        Optional<FileVerdict> wrong = new ReplicaInspection(context, litestream).ofPoint(point.txid());
        if (wrong.isPresent()) {
            FileVerdict.State state = wrong.get().state();
            if (state != FileVerdict.State.UNKNOWN) {
                throw new Failure(
                        why.kind(), why.getMessage() + " [" + wrong.get().words() + "]", why.hint(), why);
            }
        }
        context.note("restored again, no file of the replica was found damaged: " + why.getMessage());
        try {
            return atOnce(Optional.of(point.txid()), bytes);
        } catch (Failure again) {
            if (again.kind() != FailureKind.PROOF_FAILED || wrong.isPresent() || RestoredCheck.saysUnsound(again)) {
                throw again;
            }
            throw new Failure(
                    FailureKind.REPLICA_UNREACHABLE,
                    "the engine cannot restore " + point.txid() + " of " + settings.replica()
                            + ", whose files are whole (read to their ends, checksums right): " + again.getMessage(),
                    "Downloads are cut off or spoiled on their way: try again; if it stays, check the network, the"
                            + " store's own log, and this host's memory and disk.",
                    again);
        }
    }

    /**
     * Makes sure that the file is whole that says how large the database is.
     *
     * @throws Failure {@code PROOF_FAILED} when it is not
     */
    void requireSound(RestorePoint point, Failure why) throws Failure {
        Optional<FileVerdict> end = new ReplicaInspection(context, litestream).ofEnd(point.txid());
        if (end.filter(verdict -> verdict.state() == FileVerdict.State.DAMAGED).isPresent()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    "the replica does not restore " + point.txid() + " ["
                            + end.get().words() + "]",
                    "Bring that object back from a copy or from the bucket's versions.",
                    why);
        }
    }

    /** Restores what the engine takes for the newest, of a size that nobody knows. */
    Path newest() throws Failure {
        return atOnce(Optional.empty(), 0);
    }

    private Path atOnce(Optional<String> txid, long bytes) throws Failure {
        Path copy = context.scratch().resolve("restored.db");
        StateFolder.delete(copy);
        context.watch(EngineProgress.ofRestore(copy, Optional.of(bytes).filter(size -> size > 0)));
        DiskReserve.beside(
                settings.stateFolder(),
                bytes,
                context.cancellation(),
                cancellation -> CheckedRestore.into(context, litestream, txid, copy, cancellation));
        return copy;
    }
}
