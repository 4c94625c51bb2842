package io.github.litestow.page;

import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.restore.RestorePointList;
import io.quarkus.qute.TemplateData;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one database can be brought back to.
 *
 * @param trouble why that is not known; empty when it is
 * @param count how many points there are
 * @param window how far back they reach, in words
 * @param from when the oldest was confirmed
 * @param until when the newest was confirmed
 * @param points the newest, newest first
 * @param marks all of them on an axis
 * @param older how many are on the axis only
 */
@TemplateData
public record PointsView(
        String trouble,
        int count,
        String window,
        String from,
        String until,
        List<Point> points,
        List<Mark> marks,
        int older) {
    private static final int MOST_ROWS = 25;
    /** More than this are not told apart on an axis. */
    private static final int MOST_MARKS = 400;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private static final double AXIS = 980;
    private static final double MARGIN = 10;

    /**
     * A restore point.
     *
     * @param txid its transaction
     * @param time when it was confirmed
     * @param ago how long ago that is
     * @param size what the replica stores for it alone
     * @param assurance how sure we are of it
     * @param labels what it is called
     * @param pinned whether retention leaves it alone
     * @param userVersion {@code PRAGMA user_version} at this point; empty when no restore showed it
     */
    @TemplateData
    public record Point(
            String txid,
            String time,
            String ago,
            String size,
            String assurance,
            List<Label> labels,
            boolean pinned,
            String userVersion) {

        private static Point of(RestorePointList.Point point, TimeText times) {
            return new Point(
                    point.txid(),
                    point.time().toString(),
                    times.distance(point.time()),
                    DatabaseRow.size(point.bytes()),
                    point.assurance(),
                    point.labels().stream().map(Label::of).toList(),
                    point.pinned(),
                    point.userVersion().map(String::valueOf).orElse(""));
        }

        /** Returns the option that names it on the command line: by its label where it has one. */
        public String option() {
            return labels.isEmpty()
                    ? "--txid " + txid
                    : "--label=" + quoted(labels.get(0).text());
        }

        /** Returns it in a list to choose from. */
        public String name() {
            return (labels.isEmpty()
                            ? txid
                            : labels.stream().map(Label::text).collect(Collectors.joining(", ")) + " (" + txid + ")")
                    + ", " + ago;
        }

        /** As a shell takes it. */
        private static String quoted(String text) {
            return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
        }
    }

    /**
     * A label.
     *
     * @param text as people gave it
     * @param path as part of an address
     */
    @TemplateData
    public record Label(String text, String path) {

        private static Label of(String text) {
            return new Label(text, DatabaseRow.path(text));
        }
    }

    /**
     * A restore point on the axis.
     *
     * @param x where, 0 to 1000
     * @param sure whether it was proven
     * @param words what it is
     */
    @TemplateData
    public record Mark(String x, boolean sure, String words) {}

    /** Nothing is known, and why. */
    static PointsView unknown(String trouble) {
        return new PointsView(trouble, 0, "", "", "", List.of(), List.of(), 0);
    }

    /** Shows them. */
    static PointsView of(RestorePointList list, Instant now) {
        List<RestorePointList.Point> all = list.restorePoints();
        if (all.isEmpty()) {
            return unknown("");
        }
        TimeText times = new TimeText(now, ZoneOffset.UTC);
        Instant from = all.stream()
                .map(RestorePointList.Point::time)
                .min(Instant::compareTo)
                .orElseThrow();
        Instant until = all.stream()
                .map(RestorePointList.Point::time)
                .max(Instant::compareTo)
                .orElseThrow();
        List<RestorePointList.Point> newestFirst = new ArrayList<>(all);
        Collections.reverse(newestFirst);
        List<Point> rows = newestFirst.stream()
                .limit(MOST_ROWS)
                .map(point -> Point.of(point, times))
                .toList();
        return new PointsView(
                "",
                all.size(),
                TimeText.length(Duration.between(from, now)),
                from.truncatedTo(ChronoUnit.SECONDS).toString(),
                until.truncatedTo(ChronoUnit.SECONDS).toString(),
                rows,
                marks(newestFirst, from, now),
                all.size() - rows.size());
    }

    private static List<Mark> marks(List<RestorePointList.Point> newestFirst, Instant from, Instant now) {
        double all = Math.max(1, Duration.between(from, now).toMillis());
        return newestFirst.stream()
                .limit(MOST_MARKS)
                .map(point -> new Mark(
                        String.format(
                                Locale.ROOT,
                                "%.1f",
                                MARGIN
                                        + AXIS
                                                * Math.max(
                                                        0,
                                                        Duration.between(from, point.time())
                                                                .toMillis())
                                                / all),
                        !point.assurance().equals("confirmed"),
                        words(point)))
                .toList();
    }

    private static String words(RestorePointList.Point point) {
        return (point.labels().isEmpty() ? "" : String.join(", ", point.labels()) + ": ") + point.txid() + ", "
                + point.assurance() + (point.pinned() ? ", pinned, " : ", ") + point.time();
    }

    /** Returns the point of this transaction, among those that are shown. */
    Optional<Point> at(String txid) {
        return points.stream().filter(point -> point.txid().equals(txid)).findFirst();
    }
}
