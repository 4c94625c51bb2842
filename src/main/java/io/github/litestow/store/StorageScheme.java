package io.github.litestow.store;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.engine.EngineTarget;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import java.util.List;

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

    /**
     * Lists the names of what is right below a place, as folders are below a folder.
     *
     * @param root the place that replicas are in
     * @param s3 how to reach it, where that is a bucket
     * @throws Failure when it cannot be listed
     */
    List<String> below(ReplicaUrl root, S3Settings s3) throws Failure;
}
