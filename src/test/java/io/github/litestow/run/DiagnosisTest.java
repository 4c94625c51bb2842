package io.github.litestow.run;

import static io.github.litestow.host.Host.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No remedy on a diagnosis that is not confirmed, and none that costs what is there. */
class DiagnosisTest {
    @TempDir
    Path temp;

    private Path replica;
    private Host host;
    private TestDatabase file;
    private final Map<String, String> contents = new LinkedHashMap<>();

    @BeforeEach
    void aKeptDatabaseWithThreePoints() {
        replica = temp.resolve("replica");
        host = new Host(temp.resolve("host"), replica);
        file = host.file();
        file.withRows("WAL", 300);
        host.with("snapshot.deleteLocal", false);
        for (int point = 1; point <= 3; point++) {
            file.addRow();
            snapshotOf();
        }
    }

    private void snapshotOf() {
        String content = file.content();
        Outcome outcome = host.snapshot();
        assertThat(outcome).isInstanceOf(Outcome.Snapshotted.class);
        contents.put(outcome.restorePoint().orElseThrow().txid(), content);
    }

    private Path newest(Path ltx) throws IOException {
        try (Stream<Path> files = Files.list(ltx.resolve("0"))) {
            return files.filter(path -> path.toString().endsWith(".ltx"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private Path engineFolder() {
        return host.settings().engineFolder();
    }

    private static void flipABit(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);
    }

    private void assertRestores(String txid) {
        Path target = temp.resolve(txid + "-" + System.nanoTime() + ".db");
        assertThat(host.restore(new RestoreRequest(
                        "test",
                        new RestoreRequest.Point(Optional.of(txid), Optional.empty()),
                        new RestoreRequest.Target(Optional.of(target), false, false),
                        false,
                        false)))
                .isInstanceOf(Outcome.Restored.class);
        assertThat(TestDatabase.at(target).content()).isEqualTo(contents.get(txid));
    }

    private List<String> offered() throws Failure {
        return host.database().replica().points().stream()
                .map(RestorePoint::txid)
                .toList();
    }

    @Test
    void a_flipped_bit_in_the_engines_local_state_changes_nothing_at_the_replica() throws IOException, Failure {
        flipABit(newest(engineFolder().resolve("ltx")));
        Map<String, String> files = host.replicaFiles();
        List<String> points = offered();
        // The upload that follows does not succeed, whatever it is.
        host.engine().beforeReplicate(() -> {
            if (host.engine().calls().size() > 1) {
                throw new IllegalStateException("cut off");
            }
        });
        host.engine().forget();
        file.addRow();

        assertThat(host.snapshot()).isInstanceOf(Outcome.Failed.class);

        assertThat(host.replicaFiles()).isEqualTo(files);
        assertThat(offered()).isEqualTo(points);
        assertThat(replica.resolve("litestow/set-aside")).doesNotExist();
        host.engine().beforeReplicate(() -> {});
        snapshotOf();
        contents.keySet().forEach(this::assertRestores);
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "short", "long", "header"})
    void however_local_state_is_damaged_the_snapshot_succeeds_and_every_point_stays(String how) throws Exception {
        Path newest = newest(engineFolder().resolve("ltx"));
        byte[] bytes = Files.readAllBytes(newest);
        switch (how) {
            case "empty" -> Files.write(newest, new byte[0]);
            case "short" -> Files.write(newest, Arrays.copyOf(bytes, bytes.length / 2));
            case "long" -> Files.write(newest, Arrays.copyOf(bytes, bytes.length + 100));
            default -> {
                bytes[5] ^= 1;
                bytes[17] ^= 1;
                Files.write(newest, bytes);
            }
        }
        file.addRow();
        snapshotOf();
        assertThat(contents).hasSize(4);
        contents.keySet().forEach(this::assertRestores);
    }

    @Test
    void a_damaged_file_with_which_the_replica_ends_is_passed_over_and_stays_where_it_is() throws Exception {
        Path damaged = newest(replica.resolve("ltx"));
        flipABit(damaged);
        byte[] bytes = Files.readAllBytes(damaged);
        Host.delete(engineFolder());
        file.addRow();
        String lost = contents.keySet().stream().reduce((one, other) -> other).orElseThrow();

        snapshotOf();

        assertThat(host.lastRun().warnings()).anyMatch(warning -> warning.contains("passed over"));
        assertThat(damaged).hasBinaryContent(bytes);
        contents.remove(lost);
        assertThat(contents).hasSize(3);
        contents.keySet().forEach(this::assertRestores);
        // What follows is small again, and restores.
        file.addRow();
        snapshotOf();
        contents.keySet().forEach(this::assertRestores);
    }

    @Test
    void an_upload_that_is_cut_off_behind_a_damaged_file_is_whole_the_next_time() throws Exception {
        flipABit(newest(replica.resolve("ltx")));
        Host.delete(engineFolder());
        file.addRow();
        host.engine().forget();
        host.engine().afterReplicate(() -> {
            throw new IllegalStateException("cut off");
        });
        assertThat(host.snapshot()).isInstanceOf(Outcome.Failed.class);
        host.engine().afterReplicate(() -> {});
        file.addRow();
        snapshotOf();
        assertRestores(contents.keySet().stream().reduce((one, other) -> other).orElseThrow());
    }

    @Test
    void a_size_in_a_damaged_header_is_no_want_of_room() throws Exception {
        Path newest = newest(replica.resolve("ltx"));
        byte[] bytes = Files.readAllBytes(newest);
        // How many pages the database has: 16 TB at least.
        Arrays.fill(bytes, 12, 16, (byte) 0xff);
        Files.write(newest, bytes);
        host.stop();
        Host other = new Host(temp.resolve("other"), replica);

        assertFailed(other.restore(), FailureKind.PROOF_FAILED);
        assertThat(other.restore(RestoreRequest.atStart(false, true))).isInstanceOf(Outcome.Restored.class);
    }

    @Test
    void the_fallback_to_an_older_point_leaves_the_replica_as_it_is() throws Exception {
        flipABit(newest(replica.resolve("ltx")));
        host.stop();
        Host other = new Host(temp.resolve("other"), replica);
        Map<String, String> files = other.replicaFiles();

        assertFailed(other.restore(), FailureKind.PROOF_FAILED);
        Outcome taken = other.restore(RestoreRequest.atStart(false, true));

        assertThat(taken).isInstanceOf(Outcome.Restored.class);
        String txid = taken.restorePoint().orElseThrow().txid();
        assertThat(other.file().content()).isEqualTo(contents.get(txid));
        assertThat(other.replicaFiles()).isEqualTo(files);
        other.file().addRow();
        String content = other.file().content();
        other.offload();
        assertThat(other.restoredContent()).isEqualTo(content);
    }

    @Test
    void good_points_after_the_damaged_one_that_was_asked_for_stay() throws Exception {
        List<String> points = List.copyOf(contents.keySet());
        // A whole snapshot, so that the newest point does not need the damaged file.
        assertThat(host.verify()).isInstanceOf(Outcome.Verified.class);
        flipABit(replica.resolve("ltx/0").resolve(points.get(1) + "-" + points.get(1) + ".ltx"));
        List<String> offered = offered();
        Host other = new Host(temp.resolve("other"), replica);
        host.stop();

        Outcome taken = other.restore(new RestoreRequest(
                "test",
                new RestoreRequest.Point(Optional.of(points.get(1)), Optional.empty()),
                new RestoreRequest.Target(Optional.empty(), false, false),
                false,
                true));

        assertThat(taken.restorePoint().orElseThrow().txid()).isEqualTo(points.get(0));
        assertThat(other.database().replica().points())
                .extracting(RestorePoint::txid)
                .isEqualTo(offered);
    }

    @ParameterizedTest
    @CsvSource({"4096,8192", "65536,512"})
    void a_migration_to_another_page_size_begins_a_series_and_the_earlier_points_stay(int before, int after)
            throws Exception {
        for (boolean stateStays : List.of(true, false)) {
            Path folder = temp.resolve(before + "-" + after + "-" + stateStays);
            replica = folder.resolve("replica");
            contents.clear();
            host = new Host(folder.resolve("host"), replica);
            file = host.file();
            Files.createDirectories(file.file().getParent());
            file.execute("PRAGMA page_size=" + before, "VACUUM");
            file.withRows("WAL", 6_000);
            host.with("snapshot.deleteLocal", false);
            snapshotOf();
            file.addRow();
            snapshotOf();
            if (!stateStays) {
                Host.delete(engineFolder());
            }
            host.stop();
            file.execute("PRAGMA journal_mode=DELETE", "PRAGMA page_size=" + after, "VACUUM");
            file.addRow();
            host.restart();

            snapshotOf();

            assertThat(host.lastRun().warnings()).anyMatch(warning -> warning.contains("page size"));
            file.addRow();
            snapshotOf();
            assertThat(host.lastRun().warnings()).isEmpty();
            assertThat(contents).hasSize(4);
            contents.keySet().forEach(this::assertRestores);
            host.stop();
            host.with("snapshot.deleteLocal", true);
            file.addRow();
            String content = file.content();
            host.offload();
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            assertThat(file.content()).isEqualTo(content);
            host.stop();
        }
    }

    @Test
    void a_deadline_that_passes_while_everything_is_uploaded_anew_leaves_the_replica_as_it_was() throws Exception {
        flipABit(newest(engineFolder().resolve("ltx")));
        Map<String, String> files = host.replicaFiles();
        host.with("snapshot.timeout", Duration.ofMillis(700));
        file.addRow();
        host.snapshot();
        host.with("snapshot.timeout", Duration.ofMinutes(1));
        assertThat(host.replicaFiles()).containsAllEntriesOf(files);
        snapshotOf();
        contents.keySet().forEach(this::assertRestores);
    }
}
