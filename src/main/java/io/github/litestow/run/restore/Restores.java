package io.github.litestow.run.restore;

import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.RunExecutor.Entry;
import io.github.litestow.sqlite.Quarantine;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Starts restores: each is one run, whoever asks. Safe for concurrent use. */
@ApplicationScoped
public class Restores {
    private static final Duration TIMEOUT = Duration.ofDays(1);

    private final RunExecutor runs;
    private final Litestream litestream;
    private final Clock clock;

    public Restores(RunExecutor runs, Litestream litestream, Clock clock) {
        this.runs = runs;
        this.litestream = litestream;
        this.clock = clock;
    }

    /** Runs a restore to its end and returns how it ended. */
    public RunRecord restore(Database database, RestoreRequest request) {
        return restore(database, request, Entry.ORDINARY.begun());
    }

    /** As above; {@code begun} gets the run's id as soon as it has the database. */
    public RunRecord restore(Database database, RestoreRequest request, Consumer<String> begun) {
        return runs.execute(
                database,
                Operation.RESTORE,
                request.trigger(),
                TIMEOUT,
                Entry.announcedTo(begun),
                context -> new RestoreRun(context, request, litestream, clock).run());
    }

    /** Runs a restore from the bucket's versions, and returns how it ended. */
    public RunRecord fromVersions(Database database, VersionsRequest request) {
        return runs.execute(
                database,
                Operation.RESTORE,
                request.trigger(),
                TIMEOUT,
                Entry.ORDINARY,
                context -> new VersionsRestore(context, request, litestream).run());
    }

    /**
     * Returns what is kept of files that restores moved out of their way, oldest first.
     *
     * @throws Failure {@code DISK} when that cannot be listed
     */
    public List<QuarantinedFiles> quarantine(Database database) throws Failure {
        return Quarantine.entries(database.settings()).stream()
                .map(entry -> new QuarantinedFiles(entry.folder(), entry.time(), entry.bytes()))
                .toList();
    }
}
