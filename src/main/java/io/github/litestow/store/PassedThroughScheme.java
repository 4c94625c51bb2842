package io.github.litestow.store;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.engine.EngineTarget;
import io.github.litestow.engine.Litestream;
import java.util.List;
import java.util.Map;

/** A scheme that only the engine knows: it gets the URL as it is, and what its schemes read. */
record PassedThroughScheme(String name) implements StorageScheme {
    private static final List<String> READ_BY_THE_ENGINE =
            List.of("AZURE_", "LITESTREAM_", "GOOGLE_APPLICATION_CREDENTIALS");

    @Override
    public ReplicaStore store(ConfiguredDatabase database, Litestream litestream) {
        return new EngineStore(database, litestream);
    }

    @Override
    public List<String> below(ReplicaUrl root, S3Settings s3) {
        throw new IllegalStateException("the settings let no group have replicas at " + root);
    }

    @Override
    public Map<String, Object> configuration(ConfiguredDatabase database) {
        return Map.of("url", database.replica().url());
    }

    @Override
    public Map<String, String> environment(ConfiguredDatabase database, Map<String, String> source) {
        return EngineTarget.select(
                source,
                variable -> NETWORK.contains(variable)
                        || READ_BY_THE_ENGINE.stream().anyMatch(variable::startsWith));
    }
}
