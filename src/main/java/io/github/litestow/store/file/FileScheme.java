package io.github.litestow.store.file;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StorageScheme;
import java.nio.file.Path;
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
        return Map.of();
    }

    private static Path folder(ConfiguredDatabase database) {
        return database.replica().folder().orElseThrow();
    }
}
