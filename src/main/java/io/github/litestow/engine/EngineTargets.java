package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;

/**
 * Knows what the engine is told of each database's replica. Made by the room that knows the storage
 * schemes, which in turn asks the engine. Safe for concurrent use.
 */
@FunctionalInterface
public interface EngineTargets {

    /** Returns the target that the scheme of this database's replica URL calls for. */
    EngineTarget of(ConfiguredDatabase database);
}
