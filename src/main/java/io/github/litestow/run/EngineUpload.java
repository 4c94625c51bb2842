package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.EngineProgress;
import io.github.litestow.engine.EngineState;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Has the engine upload the file that the run was let back up. The engine opens it by its name, so it is looked
 * at before and after: what was uploaded of another file is no state of the database, and nothing goes on from it.
 */
final class EngineUpload {
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final RunContext context;
    private final Litestream litestream;
    private final RunLedger ledger;
    private final ConfiguredDatabase settings;
    private final Replica replica;
    private boolean ran;

    EngineUpload(RunContext context, Litestream litestream, RunLedger ledger) {
        this.context = context;
        this.litestream = litestream;
        this.ledger = ledger;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /**
     * Uploads.
     *
     * @param most how long the engine may take, if that ends before the run's deadline
     * @throws Failure {@code BUSY} when another file is there, whatever the engine says
     */
    void upload(Duration most, boolean wholeSnapshot) throws Failure {
        Duration timeout = context.deadline().remaining(most);
        context.watch(EngineProgress.ofUpload(settings, wholeSnapshot));
        require(context.admitted()::require);
        ran = true;
        try {
            if (wholeSnapshot) {
                litestream.replicateWithSnapshot(settings, timeout, context.cancellation());
            } else {
                litestream.replicateOnce(settings, timeout, context.cancellation());
            }
        } catch (Failure e) {
            require(() -> requireDespite(e));
            throw e;
        }
        requireLater();
    }

    /** As {@link AdmittedFile#requireLater}; what this run uploaded before is left behind if not. */
    void requireLater() throws Failure {
        require(() -> context.admitted().requireLater(AT_ONCE));
    }

    private void requireDespite(Failure engines) throws Failure {
        try {
            context.admitted().require();
        } catch (Failure e) {
            e.addSuppressed(engines);
            throw e;
        }
    }

    private interface Look {
        void run() throws Failure;
    }

    private void require(Look look) throws Failure {
        try {
            look.run();
        } catch (Failure e) {
            if (ran) {
                leaveBehind(e);
            }
            throw e;
        }
    }

    /**
     * Has the next upload begin after what the replica ends with now, and from nothing that the engine knows. Where
     * the replica cannot say, what the engine knows says where that is.
     */
    private void leaveBehind(Failure why) {
        try {
            List<ReplicaFile> files = listed(why);
            Optional<String> ours = EngineState.newestTxid(settings.engineFolder());
            Optional<Integer> pageSize = EngineState.pageSize(settings.engineFolder());
            String end = ReplicaFile.end(files).or(() -> ours).orElse("");
            if (!files.isEmpty()) {
                pageSize = replica.contents(files).pageSize();
            }
            if (!end.isEmpty() && ledger.known(end).isEmpty() && pageSize.isPresent()) {
                EnginePosition.put(settings.engineFolder(), end, pageSize.get());
            } else {
                EngineState.drop(settings.engineFolder());
            }
        } catch (Failure e) {
            why.addSuppressed(e);
        }
    }

    private List<ReplicaFile> listed(Failure why) {
        try {
            return replica.files();
        } catch (Failure e) {
            why.addSuppressed(e);
            return List.of();
        }
    }
}
