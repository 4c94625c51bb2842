package io.github.litestow.run.prune;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.config.TestConfig;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rules alone; {@code PruningTest} and {@code ThinnedHistoryTest} hold what follows from them against the engine. */
class RetentionPolicyTest {
    private static final Instant BEGAN = Instant.parse("2024-01-01T00:00:00Z");

    private static RestorePoint point(int number, Instant time) {
        return new RestorePoint(String.format(Locale.ROOT, "%016x", number), time, Assurance.CONFIRMED);
    }

    /** One point for each of these times, numbered from 1. */
    private static List<RestorePoint> points(String... times) {
        return IntStream.range(0, times.length)
                .mapToObj(place -> point(place + 1, Instant.parse(times[place])))
                .toList();
    }

    private static List<Integer> wanted(List<RestorePoint> points, Retention retention, ZoneId zone) {
        Instant now = points.get(points.size() - 1).time();
        return new RetentionPolicy(points, retention, zone, Set.of())
                .wanted(now).stream()
                        .map(txid -> Integer.parseInt(txid, 16))
                        .sorted()
                        .toList();
    }

    private static Retention calendar(int hours, int days, int weeks, int months, int years) {
        return TestConfig.thinned(Duration.ZERO, 1, Duration.ZERO, hours, days, weeks, months, years);
    }

    @Test
    void the_last_point_of_each_of_the_last_days_with_points_is_kept() {
        List<RestorePoint> points = points(
                "2026-11-01T09:00:00Z",
                "2026-11-01T21:00:00Z",
                "2026-11-05T09:00:00Z",
                "2026-11-05T10:00:00Z",
                "2026-11-06T09:00:00Z",
                "2026-11-06T10:00:00Z");
        assertThat(wanted(points, calendar(0, 2, 0, 0, 0), ZoneOffset.UTC)).containsExactly(4, 6);
        // Days without a point do not count.
        assertThat(wanted(points, calendar(0, 3, 0, 0, 0), ZoneOffset.UTC)).containsExactly(2, 4, 6);
        // Fewer days than wanted: the oldest stays, too, as restic has it.
        assertThat(wanted(points, calendar(0, 4, 0, 0, 0), ZoneOffset.UTC)).containsExactly(1, 2, 4, 6);
        assertThat(wanted(points, calendar(2, 0, 0, 0, 0), ZoneOffset.UTC)).containsExactly(5, 6);
    }

    @Test
    void days_are_those_of_the_databases_time_zone_and_weeks_those_of_iso_8601() {
        List<RestorePoint> points = points("2026-11-05T22:30:00Z", "2026-11-05T23:30:00Z", "2026-11-06T12:00:00Z");
        assertThat(wanted(points, calendar(0, 2, 0, 0, 0), ZoneOffset.UTC)).containsExactly(2, 3);
        assertThat(wanted(points, calendar(0, 2, 0, 0, 0), ZoneId.of("Europe/Berlin")))
                .containsExactly(1, 3);
        // A Thursday and a Friday of one week, in two years.
        List<RestorePoint> year = points("2026-12-20T12:00:00Z", "2026-12-31T12:00:00Z", "2027-01-01T12:00:00Z");
        assertThat(wanted(year, calendar(0, 0, 2, 0, 0), ZoneOffset.UTC)).containsExactly(1, 3);
        assertThat(wanted(year, calendar(0, 0, 0, 2, 0), ZoneOffset.UTC)).containsExactly(2, 3);
        assertThat(wanted(year, calendar(0, 0, 0, 0, 2), ZoneOffset.UTC)).containsExactly(2, 3);
    }

    @Test
    void what_is_pinned_young_the_newest_or_proven_stays_beside_the_calendar() {
        List<RestorePoint> points = new ArrayList<>(points(
                "2026-01-01T00:00:00Z",
                "2026-02-01T00:00:00Z",
                "2026-03-01T00:00:00Z",
                "2026-03-02T00:00:00Z",
                "2026-03-02T01:00:00Z"));
        points.set(1, points.get(1).as(Assurance.PROVEN));
        Retention retention = TestConfig.thinned(Duration.ofMinutes(90), 1, Duration.ZERO, 0, 1, 0, 0, 0);
        RetentionPolicy policy = new RetentionPolicy(
                points, retention, ZoneOffset.UTC, Set.of(points.get(0).txid()));
        Instant now = Instant.parse("2026-03-02T01:00:00Z");
        assertThat(points)
                .extracting(point -> policy.why(point, now))
                .containsExactly(
                        "pinned",
                        "the newest proven",
                        "not wanted any more; its files are needed, or the grace of 0 s is not over",
                        "younger than 1 h 30 min",
                        "the newest, younger than 1 h 30 min, the last of its day");
        assertThat(policy.kept(now)).hasSize(4);
    }

    @Test
    void a_point_that_was_wanted_one_grace_ago_stays_for_the_restore_that_may_have_begun() {
        List<RestorePoint> points =
                points("2026-11-05T08:00:00Z", "2026-11-05T09:00:00Z", "2026-11-05T11:30:00Z", "2026-11-05T11:50:00Z");
        Retention retention = TestConfig.retention(Duration.ZERO, 1, Duration.ofHours(1));
        Instant now = Instant.parse("2026-11-05T12:00:00Z");
        assertThat(new RetentionPolicy(points, retention, ZoneOffset.UTC, Set.of()).kept(now))
                .containsExactlyInAnyOrder(
                        points.get(1).txid(),
                        points.get(2).txid(),
                        points.get(3).txid());
    }

    /**
     * Three years at five minutes, a snapshot of the whole after each hundred differences: what is there on the way
     * is bounded, and no kept point lacks a file that a restore of it reads.
     */
    @Test
    void three_years_at_five_minutes_stay_bounded_and_every_kept_point_has_what_it_needs() {
        Retention retention = TestConfig.thinned(Duration.ofDays(2), 3, Duration.ofHours(1), 48, 14, 8, 12, 10);
        Duration step = Duration.ofMinutes(5);
        int all = (int) Duration.ofDays(3 * 365).dividedBy(step);
        List<RestorePoint> points = new ArrayList<>();
        List<ReplicaFile> files = new ArrayList<>();
        int mostPoints = 0;
        int mostFiles = 0;
        long mostBytes = 0;
        for (int number = 1; number <= all; number++) {
            Instant now = BEGAN.plus(step.multipliedBy(number));
            String txid = String.format(Locale.ROOT, "%016x", number);
            points.add(new RestorePoint(txid, now, number % 288 == 0 ? Assurance.PROVEN : Assurance.CONFIRMED));
            boolean whole = number % 100 == 1;
            files.add(new ReplicaFile(0, txid, txid, whole ? 1_000_000 : 10_000, now));
            if (whole) {
                files.add(new ReplicaFile(9, "0000000000000001", txid, 1_000_000, now));
            }
            if (number % 288 == 0) {
                List<RestorePoint> before = List.copyOf(points);
                prune(points, files, retention, now);
                mostPoints = Math.max(mostPoints, points.size());
                mostFiles = Math.max(mostFiles, files.size());
                mostBytes = Math.max(
                        mostBytes, files.stream().mapToLong(ReplicaFile::bytes).sum());
                if (number % (288 * 60) == 0) {
                    assertEveryPointReadsWhatItNeeds(points, files);
                    assertThat(before).containsAll(points);
                }
            }
        }
        assertThat(points).hasSizeBetween(600, 900);
        assertThat(mostPoints).isLessThan(1_000);
        assertThat(mostFiles).isLessThan(4_000);
        assertThat(mostBytes).isLessThan(120_000_000L);
        // The last of each of these is there: two whole years, twelve months, and the hours of two days.
        assertThat(points).extracting(point -> point.time().toString()).contains("2024-12-31T23:55:00Z");
        assertThat(points)
                .extracting(point -> point.time().toString())
                .contains("2025-12-31T23:55:00Z", "2026-06-30T23:55:00Z", "2026-11-30T23:55:00Z");
    }

    private static void prune(List<RestorePoint> points, List<ReplicaFile> files, Retention retention, Instant now) {
        Set<String> kept = new RetentionPolicy(points, retention, ZoneOffset.UTC, Set.of()).kept(now);
        Removal removal = Removal.of(files, points, kept, now.minus(retention.grace()));
        Set<ReplicaFile> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        gone.addAll(removal.files());
        files.removeIf(gone::contains);
        Set<RestorePoint> lost = new HashSet<>(removal.lost());
        points.removeIf(lost::contains);
    }

    /** What a restore reads: the newest snapshot up to its point, and every transaction after it. */
    private static void assertEveryPointReadsWhatItNeeds(List<RestorePoint> points, List<ReplicaFile> files) {
        Map<Integer, Boolean> there = new HashMap<>();
        List<Integer> snapshots = new ArrayList<>();
        for (ReplicaFile file : files) {
            int txid = Integer.parseInt(file.maxTxid(), 16);
            if (file.level() == 9) {
                snapshots.add(txid);
            } else {
                there.put(txid, true);
            }
        }
        Collections.sort(snapshots);
        for (RestorePoint point : points) {
            int txid = Integer.parseInt(point.txid(), 16);
            int found = Collections.binarySearch(snapshots, txid);
            int place = found >= 0 ? found : -found - 2;
            assertThat(place).as(point.toString()).isGreaterThanOrEqualTo(0);
            for (int next = snapshots.get(place) + 1; next <= txid; next++) {
                assertThat(there.containsKey(next))
                        .as("%s needs %d", point, next)
                        .isTrue();
            }
        }
    }
}
