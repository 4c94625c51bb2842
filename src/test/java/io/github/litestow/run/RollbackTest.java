package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.application.Application;
import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.mark.MarkedPoint;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.run.mark.SnapshotMark;
import io.github.litestow.run.restore.RestorePointList;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels, pins, and the way back to them; {@code bench/rollbacks} does more of the same. */
class RollbackTest {
    @TempDir
    Path temp;

    private Host host;
    private TestDatabase file;

    @BeforeEach
    void database() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(1));
        host.with("snapshot.deleteLocal", false);
        // Each snapshot is proven.
        host.with("verifyEvery", Duration.ofNanos(1));
        file = host.file();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void a_bad_migration_is_rolled_back_and_no_row_is_lost_on_either_side(long seed) throws Exception {
        assertThat(new RollbackTrial(seed, temp.resolve("trial")).run()).isNotEmpty();
    }

    @Test
    void a_database_in_use_is_not_rolled_back() throws Exception {
        file.withRows("WAL", 10);
        RestorePoint point = snapshot("before").orElseThrow();
        try (Application other = new Application().open(file.file())) {
            other.sql("UPDATE t SET note = 'after'");
            Outcome outcome =
                    host.rollbacks().rollback(host.database(), "test", point).result();
            Host.assertFailed(outcome, FailureKind.BUSY);
            assertThat(other.sql("SELECT count(*) FROM t WHERE note = 'after'")).isEqualTo("10");
        }
        assertThat(file.value("SELECT count(*) FROM t WHERE note = 'after'")).isEqualTo("10");
        assertThat(OfferedPoints.of(host.database().replica())).containsExactly(point);
    }

    @Test
    void a_label_names_one_point_and_is_listed_with_its_pin() throws Exception {
        file.withRows("WAL", 10);
        file.execute("PRAGMA user_version=19");
        RestorePoint first = snapshot("before 1.9").orElseThrow();
        file.addRow();
        RestorePoint second = snapshot("after 1.9").orElseThrow();
        file.addRow();
        assertThat(snapshot("before 1.9")).isEmpty();
        Host.assertFailed(host.lastRun().result(), FailureKind.REFUSED);
        assertThat(OfferedPoints.of(host.database().replica())).containsExactly(first, second);
        assertRefused(() -> label(second.txid(), "before 1.9"), "already names restore point " + first.txid());
        MarkedPoint unpinned = host.marks().pin(host.database(), PointReference.of("after 1.9"), false);
        assertThat(unpinned.txid()).isEqualTo(second.txid());
        label("before 1.9", "golden");

        List<RestorePointList.Point> points =
                RestorePointList.of(host.database()).restorePoints();
        assertThat(points)
                .extracting(RestorePointList.Point::labels)
                .containsExactly(List.of("before 1.9", "golden"), List.of("after 1.9"));
        assertThat(points).extracting(RestorePointList.Point::pinned).containsExactly(true, false);
        assertThat(points.get(0).userVersion()).contains(19);
        assertThat(points).extracting(RestorePointList.Point::assurance).containsOnly("proven");

        host.marks().unlabel(host.database(), PointReference.of("golden"), PointLabel.of("golden"));
        assertRefused(() -> OfferedPoints.labelled(host.database(), "golden"), "no restore point is labelled 'golden'");
        assertThat(OfferedPoints.labelled(host.database(), "before 1.9")).isEqualTo(first);
    }

    @Test
    void a_pinned_point_outlives_retention_even_if_the_object_with_the_pins_is_lost() throws Exception {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        file.withRows("WAL", 10);
        String content = file.content();
        RestorePoint pinned = snapshot("before").orElseThrow();
        Path marks = temp.resolve("replica/litestow/points.json");
        RestorePoint second = everything();
        Files.delete(marks);
        rounds(4);
        assertThat(OfferedPoints.of(host.database().replica())).contains(pinned).doesNotContain(second);
        assertThat(marks).exists();
        assertThat(host.rollbacks().rollback(host.database(), "test", pinned).result())
                .isInstanceOf(Outcome.Restored.class);
        assertThat(file.content()).isEqualTo(content);
    }

    @Test
    void nothing_is_pruned_while_it_cannot_be_read_what_is_pinned() throws Exception {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        file.withRows("WAL", 10);
        snapshot("before");
        Path marks = temp.resolve("replica/litestow/points.json");
        String good = Files.readString(marks);
        Files.writeString(marks, good.substring(0, good.length() / 2));
        RestorePoint second = everything();
        rounds(4);
        assertThat(host.lastRun().warnings().toString()).contains("was not pruned", "litestow/points.json");
        // On a bad day the points are listed all the same.
        RestorePointList list = RestorePointList.of(host.database());
        assertThat(list.restorePoints()).hasSize(6);
        assertThat(list.notes().toString()).contains("labels and pins cannot be read");
        Files.writeString(marks, good);
        assertThat(OfferedPoints.of(host.database().replica())).hasSize(6).contains(second);
        rounds(1);
        assertThat(OfferedPoints.of(host.database().replica())).doesNotContain(second);
    }

    @Test
    void an_unpinned_point_is_left_to_retention_again() throws Exception {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        file.withRows("WAL", 10);
        RestorePoint pinned = snapshot("before").orElseThrow();
        everything();
        host.marks().pin(host.database(), PointReference.of("before"), false);
        rounds(4);
        assertThat(OfferedPoints.of(host.database().replica())).doesNotContain(pinned);
        assertRefused(() -> OfferedPoints.labelled(host.database(), "before"), "is not at the replica any more");
        // Its label can be given again.
        assertThat(snapshot("before")).isPresent();
    }

    private void rounds(int count) throws Exception {
        for (int round = 0; round < count; round++) {
            everything();
        }
    }

    /** A new point that is proven, for which everything is uploaded: sooner or later with nothing that it needs. */
    private RestorePoint everything() throws Exception {
        file.addRow();
        Files.deleteIfExists(PageIndex.place(host.settings()));
        Host.delete(host.settings().engineFolder());
        return host.keep().restorePoint().filter(RestorePoint::proven).orElseThrow();
    }

    private void label(String point, String label) throws Failure {
        host.marks().label(host.database(), PointReference.of(point), PointLabel.of(label));
    }

    private Optional<RestorePoint> snapshot(String label) {
        SnapshotMark mark = new SnapshotMark(Optional.of(PointLabel.of(label)), true);
        return host.snapshots()
                .snapshot(host.database(), SnapshotRequest.by("test").marked(mark))
                .result()
                .restorePoint();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
        assertThatExceptionOfType(Failure.class).isThrownBy(call).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(failure.getMessage()).contains(words);
        });
    }
}
