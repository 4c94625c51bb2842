package io.github.litestow.store.file;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.engine.EngineTarget;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StorageScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code file://}: a folder, which takes neither credentials nor a network. */
public final class FileScheme implements StorageScheme {

    @Override
    public String name() {
        return "file";
    }

    @Override
    public ReplicaStore store(ConfiguredDatabase database, Litestream litestream) {
        return new FileStore(folder(database));
    }

    @Override
    public Map<String, Object> configuration(ConfiguredDatabase database) {
        return Map.of("type", "file", "path", folder(database).toString());
    }

    @Override
    public Map<String, String> environment(ConfiguredDatabase database, Map<String, String> source) {
        return EngineTarget.NO_AUTHORITIES;
    }

    @Override
    public List<String> below(ReplicaUrl root, S3Settings s3) throws Failure {
        return new FileStore(root.folder().orElseThrow()).folders();
    }

    private static Path folder(ConfiguredDatabase database) {
        return database.replica().folder().orElseThrow();
    }
}
