package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineProgress;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.RunContext;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.OnlineCopy;
import io.github.litestow.store.Replica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Decides whether the local database may become the replica's head: only if it descends from the
 * head, equals it, or a person says so. An empty database made after a failed restore, a stale
 * volume or a second host is refused here, before anything is uploaded.
 */
public final class LineageCheck {
    private static final Logger LOG = Logger.getLogger(LineageCheck.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    /** What a person can do about a database that does not descend from the replica's head. */
    public static final String WAYS_OUT =
            "Take the replica's state with `restore --replace` (the local file goes to quarantine),"
                    + " or make the local file the new head with `snapshot --adopt`.";

    private final RunContext context;
    private final Litestream litestream;

    LineageCheck(RunContext context, Litestream litestream) {
        this.context = context;
        this.litestream = litestream;
    }

    /**
     * Lets the local database pass or not.
     *
     * @param local what is at its path
     * @param adopt whether a person said that it may become the head
     * @throws Failure {@code REFUSED} naming both ways out; {@code REPLICA_MISSING} when the replica
     *     lost what it is known to have held
     */
    void decide(LocalFile local, boolean adopt) throws Failure {
        Replica replica = context.database().replica();
        DatabaseState state = context.database().journal().state();
        Optional<String> head = replica.head();
        if (head.isPresent() && state.lineage().isEmpty()) {
            refuseWithoutTables(local, head.get());
        }
        if (adopt) {
            beginAnew(replica);
            return;
        }
        if (head.isEmpty()) {
            believeEmpty(replica, state);
            if (state.lineage().isEmpty() && replica.onlyOldFormat()) {
                throw refused("was not restored from the backup that litestream 0.3 left at " + replica.url());
            }
            return;
        }
        Optional<Lineage> lineage = state.lineage();
        if (lineage.isPresent()) {
            refuseShrunken(local, lineage.get());
        }
        if (descends(replica, state, head.get())) {
            return;
        }
        compareWithHead(local, head.get());
    }

    /** As good as no database, whoever says that it may become the head: nobody means that. */
    private void refuseWithoutTables(LocalFile local, String head) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        if (DatabaseCheck.withoutTables(settings, local, LOOK)) {
            throw new Failure(
                    FailureKind.REFUSED,
                    settings.database() + " has no tables, and the replica already holds restore point " + head,
                    "Nothing was uploaded. An application that found no database makes such a file: stop it and"
                            + " run `restore`, which takes its place; or let it write what is to be kept.");
        }
    }

    /** What the journal holds of another replica, or of one that was emptied, is not this one's. */
    private void beginAnew(Replica replica) throws Failure {
        Journal journal = context.database().journal();
        if (!replica.id().equals(journal.state().replicaId())) {
            journal.change(change -> change.anotherReplica());
        }
    }

    /** An empty replica is believed only if nothing says that it held something. */
    public static void believeEmpty(Replica replica, DatabaseState state) throws Failure {
        // The identity is made after the first confirmed upload, never before.
        if (state.newest().isPresent()
                || !replica.proofs().isEmpty()
                || replica.id().isPresent()) {
            throw new Failure(
                    FailureKind.REPLICA_MISSING,
                    "the replica " + replica.url() + " holds no restore point, and it is known to have held "
                            + state.newest().map(point -> point.txid()).orElse("some"),
                    "Check that REPLICA_URL still names the same place and that nobody emptied it. To begin anew"
                            + " there on purpose, run `snapshot --adopt`.");
        }
    }

    private boolean descends(Replica replica, DatabaseState state, String head) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        if (!DatabaseCheck.knowsEngine(settings.database(), LOOK)) {
            return false;
        }
        if (state.lineage().isPresent()) {
            Lineage lineage = state.lineage().get();
            boolean sameReplica = lineage.replicaId().equals(replica.id());
            if (sameReplica && lineage.head().filter(head::equals).isPresent()) {
                return true;
            }
        }
        return replica.headIsFrom(settings.engineFolder());
    }

    private void refuseShrunken(LocalFile local, Lineage lineage) throws Failure {
        double limit = context.database().settings().snapshot().shrinkLimit();
        if (local.mainBytes() < lineage.bytes() * limit) {
            throw refused("shrank from " + lineage.bytes() + " to " + local.mainBytes()
                    + " bytes, below the shrink limit of " + Math.round(limit * 100) + "%");
        }
    }

    private void compareWithHead(LocalFile local, String head) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        if (!DatabaseCheck.knowsEngine(settings.database(), LOOK)) {
            throw refused("was never replicated, and the replica already holds restore point " + head);
        }
        DiskSpace.require(settings, 2 * local.bytes());
        Path folder = context.scratch();
        Path copy = folder.resolve("local.db");
        Path restored = folder.resolve("head.db");
        context.watch(EngineProgress.ofRestore(restored, Optional.of(local.mainBytes())));
        litestream.restore(
                settings, Optional.of(head), restored, context.deadline().remaining(), context.cancellation());
        OnlineCopy.make(settings, copy, LOOK);
        Optional<String> difference = OnlineCopy.difference(copy, restored);
        if (difference.isPresent()) {
            throw refused(
                    "does not descend from the replica's newest restore point " + head + " (" + difference.get() + ")");
        }
        LOG.infof("%s: equals the replica's newest restore point %s, adopted", settings.name(), head);
    }

    private Failure refused(String why) {
        return new Failure(FailureKind.REFUSED, context.database().settings().database() + " " + why, WAYS_OUT);
    }
}
