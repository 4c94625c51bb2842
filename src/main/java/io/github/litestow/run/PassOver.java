package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineState;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.sqlite.EngineCounter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Brings the replica past the transactions that a writer which was relieved of the lease may still
 * write: the engine stores steps of its own counter until the next transaction is a free one, and then
 * the whole database. What counts is restored from that alone, whatever comes to be under the other keys.
 */
final class PassOver {
    private static final Duration BUSY = Duration.ofSeconds(5);
    private static final Duration PLAN_TIMEOUT = Duration.ofSeconds(30);

    private final RunContext context;
    private final ConfiguredDatabase settings;
    private final Litestream litestream;

    PassOver(RunContext context, Litestream litestream) {
        this.context = context;
        this.settings = context.database().settings();
        this.litestream = litestream;
    }

    /** Runs the engine once. */
    interface Sync {
        void run(boolean wholeSnapshot) throws Failure;
    }

    /**
     * Uploads until the newest transaction comes after {@code contested}, whole.
     *
     * @param contested the last transaction that may be written over
     */
    void past(String contested, Sync sync) throws Failure {
        context.warn("the lease was taken over from a writer that may still be writing: transactions up to " + contested
                + " are passed over, and the whole database is uploaded");
        // Whoever never met this database makes the engine's table; a database without state goes up whole.
        sync.run(false);
        try (EngineCounter counter = EngineCounter.open(settings, BUSY)) {
            boolean past = false;
            while (!past) {
                String before = newest();
                counter.step();
                past = before.compareTo(contested) >= 0;
                context.requireWritable();
                sync.run(past);
                if (newest().compareTo(before) <= 0) {
                    throw new Failure(
                            FailureKind.BUSY,
                            "the engine made no new transaction after " + before,
                            "Nothing was confirmed or deleted; the next run tries again.");
                }
            }
        }
    }

    private String newest() throws Failure {
        return EngineState.newestTxid(settings.engineFolder()).orElse("");
    }

    /**
     * Makes sure that a transaction is restored from nothing that may be written over.
     *
     * @throws Failure {@code PROOF_FAILED} naming the file that may be
     */
    void requireFree(String txid, String contested) throws Failure {
        List<ReplicaFile> plan =
                litestream.plan(settings, txid, context.deadline().remaining(PLAN_TIMEOUT), context.cancellation());
        Optional<ReplicaFile> unsafe = plan.stream()
                .filter(file -> file.maxTxid().compareTo(contested) <= 0)
                .findFirst();
        if (unsafe.isPresent()) {
            throw new Failure(
                    FailureKind.PROOF_FAILED,
                    txid + " would be restored from " + unsafe.get().key()
                            + ", which the writer before may still write over",
                    "Nothing was confirmed or deleted. Make sure that the other writer has ended; the next run tries"
                            + " again.");
        }
    }
}
