package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.FileVerdict;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The second look at what the engine calls damaged: reads the replica's files with our own client, to
 * their last byte, and holds them against their checksums. A bad cable, a cut download or a bad local
 * disk is no damage at the replica, and is not treated as one.
 */
final class ReplicaInspection {
    private static final Duration PLAN_TIMEOUT = Duration.ofSeconds(30);

    private final RunContext context;
    private final Litestream litestream;
    private final ConfiguredDatabase settings;
    private final Replica replica;

    ReplicaInspection(RunContext context, Litestream litestream) {
        this.context = context;
        this.litestream = litestream;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /**
     * Looks at the file from which the engine takes its position: the newest of level 0.
     *
     * @return what was found; empty when there is none, or the replica cannot be read by us
     * @throws Failure when it could not be read to its end, which says nothing of it
     */
    Optional<FileVerdict> ofPosition() throws Failure {
        Optional<ReplicaFile> newest = replica.files().stream()
                .filter(file -> file.level() == 0)
                .max(Comparator.comparing(ReplicaFile::maxTxid));
        return newest.isPresent() ? Optional.of(look(newest.get())) : Optional.empty();
    }

    /**
     * Looks at the file that a transaction is the last of.
     *
     * @return what was found; empty when there is none
     * @throws Failure when it could not be read to its end, which says nothing of it
     */
    Optional<FileVerdict> ofEnd(String txid) throws Failure {
        Optional<ReplicaFile> last = replica.files().stream()
                .filter(file -> file.maxTxid().equals(txid))
                .findFirst();
        return last.isPresent() ? Optional.of(look(last.get())) : Optional.empty();
    }

    /**
     * Looks at every file that a restore of a transaction reads.
     *
     * @return the first that is not whole; empty when all are
     * @throws Failure when one could not be read to its end, or the engine's plan says itself that files
     *     are missing
     */
    Optional<FileVerdict> ofPoint(String txid) throws Failure {
        for (ReplicaFile planned : planned(txid)) {
            FileVerdict verdict = look(planned);
            if (verdict.state() != FileVerdict.State.WHOLE) {
                return Optional.of(verdict);
            }
        }
        return Optional.empty();
    }

    private List<ReplicaFile> planned(String txid) throws Failure {
        return litestream.plan(settings, txid, context.deadline().remaining(PLAN_TIMEOUT), context.cancellation());
    }

    private FileVerdict look(ReplicaFile file) throws Failure {
        return replica.inspect(file, () -> {
            context.deadline().remaining();
            if (context.cancellation().cancelled()) {
                throw new Failure(FailureKind.BUSY, "stopped while it looked at " + file.key(), "Run it again.");
            }
        });
    }
}
