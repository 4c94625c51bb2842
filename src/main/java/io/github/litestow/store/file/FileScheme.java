package io.github.litestow.store.file;

import io.github.litestow.engine.Litestream;
import io.github.litestow.settings.DatabaseSettings;
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
    public ReplicaStore store(DatabaseSettings database, Litestream litestream) {
        return new FileStore(folder(database));
    }

    @Override
    public Map<String, Object> configuration(DatabaseSettings database) {
        return Map.of("type", "file", "path", folder(database).toString());
    }

    @Override
    public Map<String, String> environment(DatabaseSettings database, Map<String, String> source) {
        return Map.of();
    }

    private static Path folder(DatabaseSettings database) {
        return database.replica().folder().orElseThrow();
    }
}
