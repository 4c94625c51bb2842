package io.github.litestow.store.file;

import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.ReplicaStoreContractTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest extends ReplicaStoreContractTest {
    @TempDir
    Path folder;

    @Override
    protected ReplicaStore at(String path) {
        return new FileStore(folder.resolve(path));
    }

    @Override
    protected void engineWrites(String path, String key, byte[] body) {
        try {
            Path file = folder.resolve(path).resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void of_eight_that_replace_at_once_one_wins_and_the_store_says_so() throws Exception {
        ofEightThatReplaceAtOnceOneMustWin();
    }
}
