package io.github.litestow.run.prune;

import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.LaunchMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/** Prunes by itself, on request; a snapshot prunes as its last step. Safe for concurrent use. */
@ApplicationScoped
public class Prunes {
    private final Litestream litestream;
    private final Clock clock;
    private final LaunchMode launchMode;

    public Prunes(Litestream litestream, Clock clock, LaunchMode launchMode) {
        this.litestream = litestream;
        this.clock = clock;
        this.launchMode = launchMode;
    }

    /**
     * Makes a replica smaller, or says only what would be deleted.
     *
     * @throws Failure {@code BUSY} when another process works on the database; otherwise what was in
     *     the way
     */
    public PruneReport prune(Database database, boolean dryRun) throws Failure {
        return new PruneRun(database, litestream, clock).run(launchMode.describe(), dryRun);
    }
}
