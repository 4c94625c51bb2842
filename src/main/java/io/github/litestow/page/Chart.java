package io.github.litestow.page;

import io.github.litestow.journal.RunDay;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.outcome.RunStatistics;
import io.quarkus.qute.TemplateData;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is drawn over time: numbers as JSON lists, {@code null} where there is none. Days first, and from
 * the first run that is still kept, runs.
 *
 * @param times seconds since 1970
 * @param database bytes of the database
 * @param replica bytes at the replica
 * @param took how many seconds a run took, the longest of a day
 * @param restored how many seconds a restore took
 * @param drawable whether there is anything to draw
 */
@TemplateData
public record Chart(String times, String database, String replica, String took, String restored, boolean drawable) {
    private static final double MILLIS = 1000.0;

    private record Point(long second, RunStatistics statistics, double took) {}

    /** Draws the days before the first run, and the runs. */
    static Chart of(List<RunDay> days, List<RunRecord> runs) {
        List<Point> points = new ArrayList<>();
        long first = runs.stream()
                .mapToLong(run -> run.finished().getEpochSecond())
                .min()
                .orElse(Long.MAX_VALUE);
        for (RunDay day : days) {
            long noon = day.day().atTime(12, 0).toEpochSecond(ZoneOffset.UTC);
            boolean ran =
                    day.longestMillis() > 0 || day.statistics().databaseBytes().isPresent();
            if (noon < first && ran) {
                points.add(new Point(noon, day.statistics(), day.longestMillis() / MILLIS));
            }
        }
        for (RunRecord run : runs) {
            // One that failed, or had nothing to do, measured no backup.
            if (run.result().restorePoint().isPresent()) {
                points.add(new Point(
                        run.finished().getEpochSecond(),
                        run.statistics(),
                        run.duration().toMillis() / MILLIS));
            }
        }
        return new Chart(
                list(points, point -> Optional.of(point.second())),
                list(points, point -> point.statistics().databaseBytes()),
                list(points, point -> point.statistics().replicaBytes()),
                list(points, point -> Optional.of(rounded(point.took()))),
                list(points, point -> point.statistics().restoreSeconds().map(Chart::rounded)),
                points.size() > 1);
    }

    private static String rounded(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    private static String list(List<Point> points, Function<Point, Optional<?>> value) {
        return points.stream()
                .map(point -> value.apply(point).map(String::valueOf).orElse("null"))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
