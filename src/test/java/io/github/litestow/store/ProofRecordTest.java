package io.github.litestow.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every point that a retention asks for stays recorded, and no run rewrites more than a little. */
class ProofRecordTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    /** Two years, one every five minutes. */
    private static final int TWO_YEARS = 2 * 365 * 288;

    @TempDir
    Path replica;

    private ProofRecord record;

    @BeforeEach
    void open() {
        record = record();
    }

    private ProofRecord record() {
        FileStore store = new FileStore(replica);
        return new ProofRecord("file://" + replica, store, new JsonObjects("file://" + replica, WiredService.JSON));
    }

    private static RecordedPoint point(int number) {
        return new RecordedPoint(new RestorePoint(
                String.format("%016x", number), BEGIN.plus(Duration.ofMinutes(5L * number)), Assurance.CONFIRMED));
    }

    private static RecordedPoint proven(int number) {
        return new RecordedPoint(point(number).point().as(Assurance.PROVEN));
    }

    private static List<RecordedPoint> points(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(ProofRecordTest::point).toList();
    }

    private void add(List<RecordedPoint> points) throws Failure {
        record.add(points, List::of);
    }

    private long rewritten() throws IOException {
        return Files.size(replica.resolve("litestow/proofs.json"));
    }

    private List<Path> archives() throws IOException {
        Path folder = replica.resolve("litestow/proofs");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".gz")).toList();
        }
    }

    @Test
    void two_years_of_points_every_five_minutes_are_recorded_in_little_room() throws Exception {
        add(points(1, TWO_YEARS));
        add(points(TWO_YEARS + 1, TWO_YEARS + 1));
        assertThat(record().points()).isEqualTo(points(1, TWO_YEARS + 1));
        assertThat(rewritten()).isLessThan(500_000);
        assertThat(archives())
                .hasSizeLessThan(9)
                .allSatisfy(file -> assertThat(Files.size(file)).isLessThan(600_000));
    }

    @Test
    void run_by_run_no_point_is_lost_and_no_archive_is_left_behind() throws Exception {
        for (int last = 1; last <= 20_000; last += 500) {
            add(points(last, last + 499));
        }
        assertThat(record().points()).isEqualTo(points(1, 20_000));
        assertThat(archives()).hasSize(1);
    }

    @Test
    void what_is_dropped_from_the_front_goes_archive_by_archive() throws Exception {
        add(points(1, 80_000));
        assertThat(archives()).hasSizeGreaterThan(1);
        record.rewrite(recorded -> recorded.headMap(point(79_000).txid(), false).clear());
        assertThat(record().points()).contains(point(79_000)).endsWith(point(80_000));
        record.rewrite(recorded -> recorded.headMap(point(79_999).txid(), false).clear());
        assertThat(record().points()).isEqualTo(points(79_999, 80_000));
        assertThat(archives()).isEmpty();
    }

    @Test
    void a_point_in_an_archive_can_become_a_proven_one_or_be_forgotten() throws Exception {
        add(points(1, 10_000));
        add(List.of(proven(17)));
        assertThat(record().points()).hasSize(10_000).contains(proven(17));
        record.rewrite(recorded -> recorded.tailMap(point(100).txid(), false).clear());
        assertThat(record().points()).hasSize(100).contains(proven(17));
    }

    @Test
    void what_an_earlier_version_wrote_is_read() throws Exception {
        Files.createDirectories(replica.resolve("litestow"));
        Files.writeString(
                replica.resolve("litestow/proofs.json"),
                "{\"points\":[{\"txid\":\"0000000000000001\",\"time\":\"2026-01-01T00:05:00Z\",\"assurance\":\"confirmed\"}]}");
        assertThat(record.points()).isEqualTo(points(1, 1));
        add(points(2, 2));
        assertThat(record().points()).isEqualTo(points(1, 2));
    }

    @Test
    void transactions_whose_archive_is_gone_are_known_to_be_unknown() throws Exception {
        add(points(1, 10_000));
        for (Path archive : archives()) {
            Files.delete(archive);
        }
        ProofRecord after = record();
        assertThat(after.recorded().unknown(point(5).txid())).isTrue();
        assertThat(after.recorded().unknown(point(10_000).txid())).isFalse();
        after.add(points(10_001, 10_001), List::of);
        assertThat(record().recorded().unknown(point(5).txid())).isTrue();
    }
}
