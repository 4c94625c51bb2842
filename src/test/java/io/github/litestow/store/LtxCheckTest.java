package io.github.litestow.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.control.Cancellation;
import io.github.litestow.engine.EnginePosition;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own look at the engine's files agrees with the engine. */
class LtxCheckTest {
    @TempDir
    Path temp;

    private Path replica;
    private ReplicaStore store;
    private Host host;
    private String first;

    @BeforeEach
    void aReplicaWithASnapshotAndChanges() {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        host.file().withRows("WAL", 300);
        first = host.file().content();
        host.keep();
        host.file().addRow();
        host.keep();
        host.stop();
        store = new FileStore(replica);
    }

    private FileVerdict.State look(ReplicaFile file) throws Failure {
        return LtxCheck.of(store, file, () -> {}).state();
    }

    private ReplicaFile file() throws Failure {
        return store.ltxFiles().stream()
                .filter(one -> one.level() == 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_the_engine_wrote_is_whole() throws Failure {
        assertThat(store.ltxFiles()).isNotEmpty();
        for (ReplicaFile file : store.ltxFiles()) {
            assertThat(look(file)).as(file.key()).isEqualTo(FileVerdict.State.WHOLE);
        }
    }

    @Test
    void what_we_wrote_for_the_engine_is_whole() throws Exception {
        Path own = temp.resolve("own");
        for (int pageSize = 512; pageSize <= 65_536; pageSize *= 2) {
            EnginePosition.put(own, "00000000000000ab", pageSize);
            assertThat(EnginePosition.isOurs(own)).isTrue();
            FileStore folder = new FileStore(own);
            assertThat(LtxCheck.of(folder, folder.ltxFiles().get(0), () -> {}).state())
                    .isEqualTo(FileVerdict.State.WHOLE);
        }
        EnginePosition.forget(own);
        assertThat(EnginePosition.isOurs(own)).isFalse();
    }

    @Test
    void no_flipped_bit_passes_for_whole() throws Exception {
        ReplicaFile file = file();
        Path path = replica.resolve(file.key());
        byte[] bytes = Files.readAllBytes(path);
        int step = Math.max(1, bytes.length / 400);
        for (int at = 0; at < bytes.length; at += at < 200 || at > bytes.length - 200 ? 1 : step) {
            bytes[at] ^= 1;
            Files.write(path, bytes);
            if (look(file) == FileVerdict.State.WHOLE) {
                // A page may be compressed in more than one way to the same bytes.
                assertThat(restoredFirst()).as("byte %d", at).isEqualTo(first);
            }
            bytes[at] ^= 1;
        }
    }

    @Test
    void what_stands_in_a_file_of_another_kind_is_no_size() throws Exception {
        ReplicaFile file = file();
        Path path = replica.resolve(file.key());
        assertThat(LtxBytes.databaseBytes(store, file)).isPresent();

        byte[] other = new byte[(int) Files.size(path)];
        Arrays.fill(other, (byte) 'x');
        Files.write(path, other);

        assertThat(LtxBytes.databaseBytes(store, file)).isEmpty();
    }

    @Test
    void a_file_cut_anywhere_is_damaged() throws Exception {
        byte[] bytes = Files.readAllBytes(replica.resolve(file().key()));
        for (int length : new int[] {0, 1, 99, 100, 120, 150, bytes.length / 2, bytes.length - 16, bytes.length - 1}) {
            write(Arrays.copyOf(bytes, length));
            assertThat(look(file())).as("%d bytes", length).isEqualTo(FileVerdict.State.DAMAGED);
        }
        write(Arrays.copyOf(bytes, bytes.length + 1));
        assertThat(look(file())).isEqualTo(FileVerdict.State.DAMAGED);
    }

    @Test
    void a_sound_file_under_the_name_of_another_is_damaged() throws Exception {
        List<ReplicaFile> files =
                store.ltxFiles().stream().filter(one -> one.level() == 0).toList();
        ReplicaFile later = files.get(files.size() - 1);
        assertThat(later).isNotEqualTo(file());
        Files.copy(replica.resolve(file().key()), replica.resolve(later.key()), StandardCopyOption.REPLACE_EXISTING);

        FileVerdict verdict = LtxCheck.of(
                store,
                store.ltxFiles().stream()
                        .filter(one -> one.key().equals(later.key()))
                        .findFirst()
                        .orElseThrow(),
                () -> {});

        assertThat(verdict.state()).isEqualTo(FileVerdict.State.DAMAGED);
    }

    @Test
    void a_file_that_is_gone_is_missing() throws Exception {
        ReplicaFile file = file();
        Files.delete(replica.resolve(file.key()));
        assertThat(look(file)).isEqualTo(FileVerdict.State.MISSING);
    }

    private String restoredFirst() throws Failure {
        Path output = temp.resolve("first-" + System.nanoTime() + ".db");
        host.engine()
                .restore(
                        host.settings(),
                        Optional.of("0000000000000001"),
                        output,
                        Duration.ofMinutes(1),
                        new Cancellation());
        return TestDatabase.at(output).content();
    }

    private void write(byte[] bytes) throws IOException, Failure {
        Files.write(replica.resolve(file().key()), bytes);
    }
}
