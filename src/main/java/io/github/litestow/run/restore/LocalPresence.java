package io.github.litestow.run.restore;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.journal.DatabaseState;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.RunContext;
import io.github.litestow.run.Step;
import io.github.litestow.run.snapshot.LineageCheck;
import io.github.litestow.sqlite.DatabaseCheck;
import io.github.litestow.sqlite.LocalFile;
import io.github.litestow.sqlite.MountPoint;
import io.github.litestow.store.Replica;
import java.time.Duration;
import java.util.Optional;

/** Whether what is at the database's path is the database, or only looks like one to a restore. */
final class LocalPresence {
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final RunContext context;
    private final RestoreRequest.Target target;
    private final ConfiguredDatabase settings;
    private final Replica replica;

    LocalPresence(RunContext context, RestoreRequest.Target target) {
        this.context = context;
        this.target = target;
        this.settings = context.database().settings();
        this.replica = context.database().replica();
    }

    /**
     * Returns whether it is as good as nothing: a database without tables, and none that we put there
     * or uploaded. An application that did not wait for its restore makes such a one.
     */
    boolean hollow(LocalFile local) throws Failure {
        if (target.elsewhere() || local.state() != LocalFile.State.DATABASE || known()) {
            return false;
        }
        try {
            return DatabaseCheck.withoutTables(settings, local, LOOK);
        } catch (Failure e) {
            if (e.kind() == FailureKind.SOURCE_DAMAGED) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Refuses to call a file the database that is there although it is none: whoever waits for the restore would
     * open it.
     *
     * @throws Failure {@code SOURCE_DAMAGED} when it does not begin as an SQLite database does
     */
    void refuseForeign(LocalFile local) throws Failure {
        if (local.state() == LocalFile.State.FOREIGN) {
            throw DatabaseCheck.notADatabase(settings.database());
        }
    }

    /**
     * Lets a start go on with a database that is there, unless somebody made it instead of the one that
     * the replica holds. One that the engine knows is compared by the first snapshot.
     *
     * @throws Failure {@code REFUSED} when it was never replicated and the replica holds restore points
     */
    void refuseStranger(LocalFile local) throws Failure {
        if (!target.bringForward() || known() || settings.snapshot().adopt() || knowsEngine(local)) {
            return;
        }
        context.at(Step.PROBE);
        replica.probeReading();
        Optional<String> head = replica.head();
        if (head.isPresent()) {
            throw new Failure(
                    FailureKind.REFUSED,
                    settings.database() + " was never replicated, and the replica already holds restore point "
                            + head.get() + ": another process made that file before the database was restored",
                    "Not ready until then. Move the file away and the restore goes on by itself, or stop the service. "
                            + LineageCheck.WAYS_OUT);
        }
    }

    /**
     * Makes sure that a restored file can be put there at all.
     *
     * @throws Failure {@code REFUSED} when the path is a mount of its own
     */
    void refuseMountPoint(LocalFile local) throws Failure {
        if (!target.elsewhere() && local.state() != LocalFile.State.MISSING && MountPoint.is(settings.database())) {
            throw new Failure(
                    FailureKind.REFUSED,
                    settings.database() + " is mounted by itself, and a restored file cannot take the place of a mount",
                    "Nothing was changed. Mount the folder "
                            + settings.database().getParent()
                            + " instead of the single file, or `restore --to` another file and copy it over the mounted"
                            + " one while nobody uses it.");
        }
    }

    private boolean known() {
        DatabaseState state = context.database().journal().state();
        return state.lineage().isPresent();
    }

    private boolean knowsEngine(LocalFile local) throws Failure {
        try {
            return local.state() == LocalFile.State.DATABASE && DatabaseCheck.knowsEngine(settings.database(), LOOK);
        } catch (Failure e) {
            if (e.kind() == FailureKind.SOURCE_DAMAGED) {
                return false;
            }
            throw e;
        }
    }
}
