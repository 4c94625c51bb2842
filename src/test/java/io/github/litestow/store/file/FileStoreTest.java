package io.github.litestow.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.ReplicaStoreContractTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    /** As a service holds it that is suspended in the middle of a write. */
    @Test
    @Timeout(30)
    void a_lock_that_another_process_never_gives_back_is_named_within_seconds() throws Exception {
        ReplicaStore store = at("replica");
        assertThat(store.create("litestow/lease.json", new byte[] {1})).isTrue();
        Path lock = folder.resolve("replica/litestow/.lock");
        try (Application frozen = new Application()) {
            frozen.lock(lock);
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> store.create("litestow/other.json", new byte[] {1}));
            assertThat(failure.kind()).isEqualTo(FailureKind.BUSY);
            assertThat(failure).hasMessageContaining(lock.toString());
        }
        assertThat(store.create("litestow/other.json", new byte[] {1})).isTrue();
    }
}
