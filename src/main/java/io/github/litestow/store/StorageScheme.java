package io.github.litestow.store;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineTarget;
import io.github.litestow.engine.Litestream;

/**
 * Everything that is peculiar to one scheme of replica URLs: our own store of it, and what the engine
 * is told ({@link EngineTarget}). Named once, in {@link StorageSchemes}. Immutable.
 */
public interface StorageScheme extends EngineTarget {

    /** Returns what comes before {@code ://}, in lower case. */
    String name();

    /**
     * Makes the store of a database's replica; asks nobody yet.
     *
     * @param litestream the engine, for schemes that Litestow has no client for
     */
    ReplicaStore store(ConfiguredDatabase database, Litestream litestream);
}
