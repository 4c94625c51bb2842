package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ProvenFile;
import io.github.litestow.sqlite.RestoredCheck;
import io.github.litestow.store.Replica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Restores points to files of their own, for who looks into them: nothing is remembered of it. The other restores are
 * {@link CheckedRestore}'s.
 *
 * @param deadline when it must have ended
 * @param cancellation what stops it
 */
public record RestoreAside(Litestream litestream, Deadline deadline, Cancellation cancellation) {

    /**
     * Restores a transaction from the very files that were proven, where that is recorded, and has it checked.
     *
     * @param settings the database, with the URL of {@code replica}
     * @param output a file that does not exist yet
     * @return what kept it from being checked in full
     * @throws Failure as {@link CheckedRestore#into}, or {@link FailureKind#PROOF_FAILED} when the files are others
     */
    public Optional<String> restore(ConfiguredDatabase settings, Replica replica, String txid, Path output)
            throws Failure {
        List<ProvenFile> before = replica.evidence().of(txid);
        litestream.restore(settings, Optional.of(txid), output, deadline.remaining(), cancellation);
        Optional<String> why = RestoredCheck.of(output, new WorkLimit(deadline, cancellation, Duration.ZERO));
        replica.evidence().require(txid, before);
        return why;
    }
}
