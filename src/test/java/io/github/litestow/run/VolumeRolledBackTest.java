package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume that was rolled back, state folder and all, is no other host's work: a person chooses. */
class VolumeRolledBackTest {
    @TempDir
    Path temp;

    private Host host;
    private Path folder;
    private Map<Path, byte[]> contents;
    private Map<Path, FileTime> times;

    @BeforeEach
    void a_database_that_is_known_to_be_unchanged() throws IOException {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        folder = host.file().file().getParent();
        host.file().withRows("WAL", 50);
        host.keep();
        host.later(Duration.ofSeconds(3));
        host.keep();
        assertThat(host.keep()).isInstanceOf(Outcome.Unchanged.class);
        save();
    }

    private void save() throws IOException {
        contents = new TreeMap<>();
        times = new TreeMap<>();
        for (Path file : files()) {
            contents.put(file, Files.readAllBytes(file));
            // Keeps the inode from being given to another file, as the volume's snapshot does.
            Files.createLink(kept(file), file);
            times.put(file, Files.getLastModifiedTime(file));
        }
    }

    private Path kept(Path file) {
        return temp.resolve("kept " + folder.relativize(file).toString().replace('/', ' '));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    /** The same inodes with the same times: what a volume's snapshot brings back. */
    private void rollBack() throws IOException {
        for (Path file : files()) {
            if (!contents.containsKey(file)) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, byte[]> saved : contents.entrySet()) {
            Files.createDirectories(saved.getKey().getParent());
            Files.move(kept(saved.getKey()), saved.getKey(), StandardCopyOption.REPLACE_EXISTING);
            // A rename to another name of the same file leaves both.
            Files.deleteIfExists(kept(saved.getKey()));
            Files.write(
                    saved.getKey(), saved.getValue(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            Files.setLastModifiedTime(saved.getKey(), times.get(saved.getKey()));
        }
        host.restart();
    }

    private void badMigration() {
        host.file().execute("DROP TABLE t", "CREATE TABLE bad (x)");
        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
    }

    private void assertRefused() {
        Map<String, String> replica = host.replicaFiles();
        assertFailed(host.keep(), FailureKind.REFUSED);
        Outcome.Failed failed = (Outcome.Failed) host.lastRun().result();
        assertThat(failed.cause()).contains("went back in time");
        assertThat(failed.hint()).contains("restore --replace").contains("snapshot --adopt");
        assertThat(host.replicaFiles()).isEqualTo(replica);
    }

    @Test
    void is_not_brought_forward_at_a_start() throws IOException {
        badMigration();
        rollBack();

        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);

        assertThat(host.file().rows()).isEqualTo(50);
        assertThat(host.lastRun().warnings())
                .anyMatch(warning -> warning.contains("restore --replace") && warning.contains("snapshot --adopt"));
        assertRefused();
    }

    @Test
    void is_not_called_unchanged_by_a_job() throws IOException {
        badMigration();
        rollBack();

        assertRefused();

        assertThat(host.file().rows()).isEqualTo(50);
        assertThat(host.adopt()).isInstanceOf(Outcome.Offloaded.class);
        assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
        assertThat(host.file().rows()).isEqualTo(50);
    }

    @Test
    void is_refused_when_the_application_went_on_from_there() throws IOException {
        badMigration();
        rollBack();
        host.file().addRow();

        assertThat(host.start()).isInstanceOf(Outcome.AlreadyPresent.class);
        assertRefused();
    }

    @Test
    void goes_back_to_the_newest_when_asked() throws IOException {
        badMigration();
        rollBack();

        assertThat(host.replace()).isInstanceOf(Outcome.Restored.class);

        assertThat(host.file().value("SELECT count(*) FROM bad")).isEqualTo("0");
        host.file().execute("INSERT INTO bad VALUES (1)");
        assertThat(host.keep()).isInstanceOf(Outcome.Snapshotted.class);
    }

    @Test
    void is_told_from_another_hosts_newer_work() {
        Host other = new Host(temp.resolve("other"), temp.resolve("replica"));
        other.restore();
        other.file().addRow();
        other.offload();

        assertThat(host.start()).isInstanceOf(Outcome.Restored.class);
        assertThat(host.file().rows()).isEqualTo(51);
    }
}
