package io.github.litestow.run.prune;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.RunTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which restore points are wanted, and why (design section 7): those younger than {@code keep-for},
 * at least {@code keep-at-least} of them, the newest, the newest proven, and what is between.
 * Pure.
 */
final class RetentionPolicy {
    private final List<RestorePoint> points;
    private final Retention retention;
    private final Map<RestorePoint, Integer> places = new HashMap<>();
    private final Optional<RestorePoint> newestProven;

    /** Judges these points, oldest first. */
    RetentionPolicy(List<RestorePoint> points, Retention retention) {
        this.points = List.copyOf(points);
        this.retention = retention;
        for (int place = 0; place < points.size(); place++) {
            places.put(points.get(place), place);
        }
        this.newestProven = points.stream()
                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                .max(RestorePoint::compareTo);
    }

    /**
     * Returns the points with times that can be: one that is in the future was made by a clock that was
     * ahead, and not after the points that follow it. Otherwise it, and all after it, would stay until
     * that time comes.
     */
    static List<RestorePoint> believable(List<RestorePoint> points, Instant now) {
        Instant atTheLatest = now;
        Deque<RestorePoint> dated = new ArrayDeque<>();
        for (int place = points.size() - 1; place >= 0; place--) {
            RestorePoint point = points.get(place);
            if (RunTime.past(point.time(), now)) {
                atTheLatest = point.time().isAfter(now) ? now : point.time();
                dated.addFirst(point);
            } else {
                dated.addFirst(point.at(atTheLatest));
            }
        }
        return List.copyOf(dated);
    }

    /** Returns the oldest wanted point; empty when there is none at all. */
    Optional<RestorePoint> oldest(Instant now) {
        return points.stream()
                .filter(point -> !ownReasons(point, now).isEmpty())
                .findFirst();
    }

    /**
     * Returns the oldest point that was wanted one grace ago. A restore that was begun while its
     * point was still wanted has that long to end: nothing of it is deleted before.
     */
    Optional<RestorePoint> oldestOneGraceAgo(Instant now) {
        Instant then = now.minus(retention.grace());
        List<RestorePoint> existed =
                points.stream().filter(point -> !point.time().isAfter(then)).toList();
        return new RetentionPolicy(existed, retention).oldest(then);
    }

    /** Returns why a point stays, in words for a person. */
    String why(RestorePoint point, Instant now) {
        List<String> reasons = ownReasons(point, now);
        if (!reasons.isEmpty()) {
            return String.join(", ", reasons);
        }
        return oldest(now).filter(first -> first.compareTo(point) < 0).isPresent()
                ? "newer than the oldest wanted"
                : "not wanted any more; its files are needed, or the grace of " + retention.grace() + " is not over";
    }

    private List<String> ownReasons(RestorePoint point, Instant now) {
        int newer = points.size() - 1 - places.get(point);
        List<String> reasons = new ArrayList<>();
        if (newer == 0) {
            reasons.add("the newest");
        } else if (newer < retention.keepAtLeast()) {
            reasons.add("one of the newest " + retention.keepAtLeast());
        }
        if (newestProven.filter(point::equals).isPresent()) {
            reasons.add("the newest proven");
        }
        if (point.time().isAfter(now.minus(retention.keepFor()))) {
            reasons.add("younger than " + TimeText.length(retention.keepFor()));
        }
        return reasons;
    }
}
