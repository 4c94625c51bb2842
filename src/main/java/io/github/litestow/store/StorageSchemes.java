package io.github.litestow.store;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.EngineTarget;
import io.github.litestow.engine.EngineTargets;
import io.github.litestow.store.file.FileScheme;
import io.github.litestow.store.s3.S3Scheme;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * The storage schemes that Litestow has a client for. Every other one is passed through to the engine.
 * Immutable.
 */
@Singleton
public final class StorageSchemes implements EngineTargets {
    /** The one list: a new scheme is a package below this one, and its line here. */
    private static final List<StorageScheme> OURS = List.of(new FileScheme(), new S3Scheme());

    @Override
    public EngineTarget of(ConfiguredDatabase database) {
        return scheme(database);
    }

    /** Returns the scheme of a database's replica URL. */
    static StorageScheme scheme(ConfiguredDatabase database) {
        return scheme(database.replica().scheme());
    }

    static StorageScheme scheme(String name) {
        return OURS.stream()
                .filter(scheme -> scheme.name().equals(name))
                .findFirst()
                .orElseGet(() -> new PassedThroughScheme(name));
    }
}
