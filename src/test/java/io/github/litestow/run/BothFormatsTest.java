package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.restore.RestorePointList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path at which litestream 0.3 wrote, and then Litestow. */
class BothFormatsTest {
    private static final int ROWS = 50;

    @TempDir
    Path temp;

    private Path replica;
    private Host host;

    @BeforeEach
    void theOldEngineLeftABackup() throws Exception {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        host.file().withRows("WAL", ROWS);
        Process daemon = new ProcessBuilder(
                        System.getProperty("litestow.test.litestream-0.3"),
                        "replicate",
                        host.file().file().toString(),
                        "file://" + replica)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("old.log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            oldFiles().stream().anyMatch(file -> file.toString().endsWith(".wal.lz4")));
        } finally {
            daemon.destroyForcibly().waitFor();
        }
        for (String name : host.file().neighbours()) {
            Host.delete(host.file().file().resolveSibling(name));
        }
    }

    private List<Path> oldFiles() throws IOException {
        if (!Files.exists(replica.resolve("generations"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(replica.resolve("generations"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Restores what the old engine left, and offloads it as a restore point of its own. */
    private void continued() {
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        host.file().addRow();
        host.offload();
    }

    @Test
    void the_old_backup_alone_is_restored_and_explained() throws Exception {
        assertThat(RestorePointList.of(host.database()).lines(TimeText.at(Clock.systemUTC())))
                .anyMatch(line -> line.contains("a backup of litestream 0.3, which names no restore points"));
        continued();
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(host.file().rows()).isEqualTo(ROWS + 1);
    }

    @Test
    void beside_newer_restore_points_it_is_explained_and_no_trouble() throws Exception {
        continued();
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(host.lastRun().warnings()).isEmpty();
        assertThat(RestorePointList.of(host.database()).lines(TimeText.at(Clock.systemUTC())))
                .hasSize(2)
                .last()
                .asString()
                .contains("litestream 0.3", "older than they are", replica + "/generations");
    }

    @Test
    void written_to_after_our_newest_restore_point_it_is_a_warning_of_every_restore() throws Exception {
        continued();
        for (Path file : oldFiles()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
        }

        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);

        assertThat(host.lastRun().warnings()).singleElement().asString().contains("was written to after them");
        assertThat(host.file().rows()).as("what Litestow proved").isEqualTo(ROWS + 1);
    }
}
