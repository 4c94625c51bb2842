package io.github.litestow.replica;

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
    ReplicaStore at(String path) {
        return new FileStore(folder.resolve(path));
    }

    @Override
    void engineWrites(String path, String key, byte[] body) {
        try {
            Path file = folder.resolve(path).resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void ofEightThatReplaceAtOnceOneWinsAndTheStoreSaysSo() throws Exception {
        ofEightThatReplaceAtOnceOneMustWin();
    }
}
