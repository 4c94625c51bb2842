package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.outcome.Failure;
import java.time.Duration;

/** What moves a database to its replica. Blocks as the calls of {@link Litestream} do. */
public interface Uploads {

    /**
     * Syncs the database to its replica once ({@code replicate -once}).
     *
     * <p>Return means exit code 0 and the engine's own word that it completed; it is not yet a
     * proof.
     */
    void replicateOnce(ConfiguredDatabase database, Duration timeout, Cancellation cancellation) throws Failure;

    /**
     * Syncs as {@link #replicateOnce} and stores the whole database as a snapshot file too ({@code
     * -force-snapshot}): from then on a restore needs nothing older.
     */
    void replicateWithSnapshot(ConfiguredDatabase database, Duration timeout, Cancellation cancellation) throws Failure;
}
