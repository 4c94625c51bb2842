package io.github.litestow.run.snapshot;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.engine.EngineProgress;
import io.github.litestow.engine.EngineState;
import io.github.litestow.engine.Litestream;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.journal.Journal;
import io.github.litestow.journal.Lineage;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.CheckedRestore;
import io.github.litestow.run.Database;
import io.github.litestow.run.DifferenceUpload;
import io.github.litestow.run.DiskSpace;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.RunContext;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.OnlineCopy;
import io.github.litestow.sqlite.StateFolder;
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
    /** Said of a volume that was rolled back. */
    public static final String WENT_BACK =
            "that point was uploaded from this very state folder, so the volume went back in time";

    /** What a person can do when two states both have a claim to be the newest. */
    public static final String WAYS_OUT =
            "Take the replica's state with `restore --replace` (the local file goes to quarantine),"
                    + " or make the local file the new head with `snapshot --adopt`.";

    private static final String AFTER_AN_OFFLOAD =
            " It appeared after the database was offloaded: an application that opens its database again and again"
                    + " makes an empty one when it is gone. For such an application set"
                    + " LITESTOW_SNAPSHOT_DELETE_LOCAL=false, or this happens again.";

    private final RunContext context;
    private final Litestream litestream;
    private Optional<String> doubt = Optional.empty();

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
        context.admitted().by(() -> letPass(local, adopt));
    }

    private void letPass(LocalFile local, boolean adopt) throws Failure {
        Replica replica = context.database().replica();
        DatabaseState state = context.database().journal().state();
        Optional<String> head = context.head();
        if (head.isPresent() && state.lineage().isEmpty()) {
            refuseWithoutTables(local, head.get());
        }
        if (adopt) {
            beginAnew(replica);
            return;
        }
        if (head.isEmpty()) {
            EmptyReplica.believe(replica, state);
            if (state.lineage().isEmpty() && replica.onlyOldFormat()) {
                throw refused("was not restored from the backup that litestream 0.3 left at " + replica.url());
            }
            beginEngineAnew(replica);
            return;
        }
        Optional<Lineage> lineage = state.lineage();
        // A record of another replica may be of another database, whose size says nothing of this one.
        if (lineage.isPresent() && !isAnother(context)) {
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

    /** What the engine and the journal hold of another replica, or of one that was emptied, is not this one's. */
    private void beginAnew(Replica replica) throws Failure {
        // The engine's first: cut off in between, an adoption that is said once more does both.
        beginEngineAnew(replica);
        Journal journal = context.database().journal();
        if (!replica.id().equals(journal.state().replicaId())) {
            journal.change(change -> change.anotherReplica());
        }
    }

    /**
     * The engine goes on from what it keeps beside the database, which is the newest two transactions
     * only. A replica that does not end with one of them lacks what came before, and 0.5.17 then fails
     * on the first file that is gone, each time. Without a state it begins with the whole database.
     */
    private void beginEngineAnew(Replica replica) throws Failure {
        Path state = context.database().settings().engineFolder();
        if (EngineState.newestTxid(state).isPresent() && !replica.contents().headIsFrom(state)) {
            context.note("what the engine keeps belongs to another replica, it begins anew");
            StateFolder.delete(state);
        }
    }

    /**
     * Makes sure that this is no other replica than the one that the database here was last seen at. One whose
     * identity is gone is not called another.
     *
     * @throws Failure {@code REFUSED} when it is
     */
    public static void refuseAnother(RunContext context) throws Failure {
        if (isAnother(context)) {
            throw new Failure(
                    FailureKind.REFUSED,
                    "the replica " + context.database().replica().url() + " is another one than that to which "
                            + context.database().settings().database()
                            + " was backed up: its identity (litestow/identity.json) is not the one in the record here",
                    "Nothing was changed. Check REPLICA_URL, and whether another replica was copied there. `restore --to`"
                            + " another file shows what it holds, `restore --replace` takes that for this database.");
        }
    }

    /** Returns whether replica and record have an identity each, and not the same. */
    static boolean isAnother(RunContext context) throws Failure {
        Optional<String> recorded = context.database().journal().state().replicaId();
        return recorded.isPresent() && areDifferent(recorded, context.replicaId());
    }

    /** Returns whether both are known, and not the same. */
    static boolean areDifferent(Optional<String> recorded, Optional<String> now) {
        return recorded.isPresent() && now.isPresent() && !now.equals(recorded);
    }

    private boolean descends(Replica replica, DatabaseState state, String head) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        if (!DatabaseCheck.knowsEngine(settings.database(), LOOK)) {
            return false;
        }
        if (state.lineage().isPresent()) {
            Lineage lineage = state.lineage().get();
            doubt = doubt(lineage);
            boolean sameReplica = replica.isStill(context.replicaId(), lineage.replicaId(), state.newest());
            boolean confirmed = lineage.head().filter(head::equals).isPresent();
            boolean leftBehind = sameReplica && !confirmed && lineage.history().isPresent() && leftBehind(head);
            if (doubt.isPresent() && leftBehind) {
                throw uploadedUnasked(head);
            }
            if (doubt.isPresent()) {
                // Neither the record nor the engine's state speaks of this file then.
                return false;
            }
            if (sameReplica && (leftBehind || confirmed)) {
                return true;
            }
        }
        if (replica.contents().headIsFrom(settings.engineFolder())
                || DifferenceUpload.headIsPending(replica, settings)) {
            return true;
        }
        Optional<String> known = state.lineage().flatMap(Lineage::head);
        if (known.isPresent() && wentBackInTime(context.database(), known.get(), head)) {
            doubt = Optional.of(WENT_BACK);
        }
        return false;
    }

    /** Returns whether the head is what a run uploaded of another file; one that was killed left the engine's state. */
    private boolean leftBehind(String head) throws Failure {
        Path engineFolder = context.database().settings().engineFolder();
        return EnginePosition.isAt(engineFolder, head)
                || (doubt.isPresent() && context.database().replica().contents().headIsFrom(engineFolder));
    }

    /** What was put in the database's place during a run, and uploaded by that, is no less foreign. */
    private Failure uploadedUnasked(String head) {
        return new Failure(
                FailureKind.REFUSED,
                context.database().settings().database() + ": " + doubt.orElseThrow()
                        + " while the one before was backed up; restore point " + head + " may be its state",
                "Put the one before back by a rename, or restore a point of it with `restore --replace --txid`; or"
                        + " make the file that is there now the new head with `snapshot --adopt`.");
    }

    /** Why the record of an earlier run is not believed: it speaks of another file. */
    private Optional<String> doubt(Lineage lineage) throws Failure {
        if (lineage.history().isEmpty()) {
            return Optional.empty();
        }
        return lineage.history().get().deniedBy(context.admitted().says(LOOK));
    }

    /**
     * Returns whether the replica holds what was uploaded from this very state folder, which knows
     * nothing of it: the volume went back in time, on purpose or not. Another host's work looks the same,
     * apart from who uploaded it.
     *
     * @param known the newest transaction that this state folder knows
     * @param head the one at the replica
     */
    public static boolean wentBackInTime(Database database, String known, String head) throws Failure {
        if (head.compareTo(known) <= 0) {
            return false;
        }
        String own = StateFolder.id(database.settings());
        return database.replica().recorded().stream()
                .filter(point -> point.txid().equals(head))
                .anyMatch(point -> point.uploadedBy().filter(own::equals).isPresent());
    }

    private void refuseShrunken(LocalFile local, Lineage lineage) throws Failure {
        double limit = context.database().settings().snapshot().shrinkLimit();
        if (local.mainBytes() < lineage.bytes() * limit) {
            throw new Failure(
                    FailureKind.REFUSED,
                    context.database().settings().database() + " shrank from " + lineage.bytes() + " to "
                            + local.mainBytes() + " bytes, below the shrink limit of " + Math.round(limit * 100) + "%",
                    "If that is a purge, say so once with `snapshot --adopt`: the file becomes the new head, and the"
                            + " restore points before it stay until retention deletes them. For regular purges lower"
                            + " LITESTOW_SNAPSHOT_SHRINK_LIMIT. If content is lost, bring it back with"
                            + " `restore --replace` (the local file goes to quarantine).");
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
        CheckedRestore.into(context, litestream, Optional.of(head), restored);
        OnlineCopy.make(settings, copy, LOOK, context.limit());
        Optional<String> difference = OnlineCopy.difference(copy, restored, context.limit());
        if (difference.isPresent()) {
            boolean another = isAnother(context);
            throw refused("does not descend from the replica's newest restore point " + head + " (" + difference.get()
                    + ")" + doubt.filter(why -> !another).map(why -> "; " + why).orElse(""));
        }
        LOG.infof("%s: equals the replica's newest restore point %s, adopted", settings.name(), head);
    }

    private Failure refused(String why) throws Failure {
        ConfiguredDatabase settings = context.database().settings();
        String cause = settings.database() + " " + why;
        String waysOut = WAYS_OUT + (context.database().journal().state().offloaded() ? AFTER_AN_OFFLOAD : "");
        if (!isAnother(context)) {
            return new Failure(FailureKind.REFUSED, cause, waysOut);
        }
        return new Failure(
                FailureKind.REFUSED,
                cause + "; the record here is of another replica than " + settings.replica()
                        + ", by its identity (litestow/identity.json)",
                "Check REPLICA_URL, and whether " + settings.stateFolder()
                        + " was brought here from another database. If neither is a mistake, there are two ways on. "
                        + waysOut);
    }
}
