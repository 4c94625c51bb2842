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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void a_write_that_fails_leaves_nothing() throws IOException {
        ReplicaStore store = at("replica");
        String tooLong = "litestow/" + "a".repeat(300);

        assertThat(catchThrowableOfType(Failure.class, () -> store.create(tooLong, new byte[] {1})))
                .isNotNull();

        assertThat(names(folder.resolve("replica/litestow"))).containsExactly(".lock");
    }

    @Test
    void what_a_killed_process_left_unwritten_goes_like_uploads_that_were_never_finished() throws Exception {
        ReplicaStore store = at("replica");
        store.create("litestow/lease.json", new byte[] {1});
        Path left = Files.createFile(folder.resolve("replica/litestow/.write123.tmp"));

        Instant written = Files.getLastModifiedTime(left).toInstant();
        // Whoever probes or labels writes without the lease.
        assertThat(store.abortUploads(written.plusSeconds(60))).isZero();
        assertThat(store.abortUploads(written.plus(Duration.ofDays(2)))).isEqualTo(1);

        assertThat(names(folder.resolve("replica/litestow"))).containsExactlyInAnyOrder(".lock", "lease.json");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(Path::getFileName).map(Path::toString).toList();
        }
    }
}
