package io.github.litestow.run.prune;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which restore points are wanted, and why (design section 7): those younger than {@code keep-for},
 * at least {@code keep-at-least} of them, the newest, the newest proven, and what is between.
 * Pure.
 */
final class RetentionPolicy {
    private final List<RestorePoint> points;
    private final Retention retention;

    /** Judges these points, oldest first. */
    RetentionPolicy(List<RestorePoint> points, Retention retention) {
        this.points = List.copyOf(points);
        this.retention = retention;
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
        int newer = points.size() - 1 - points.indexOf(point);
        List<String> reasons = new ArrayList<>();
        if (newer == 0) {
            reasons.add("the newest");
        } else if (newer < retention.keepAtLeast()) {
            reasons.add("one of the newest " + retention.keepAtLeast());
        }
        if (newestProven().filter(point::equals).isPresent()) {
            reasons.add("the newest proven");
        }
        if (point.time().isAfter(now.minus(retention.keepFor()))) {
            reasons.add("younger than " + retention.keepFor());
        }
        return reasons;
    }

    private Optional<RestorePoint> newestProven() {
        return points.stream()
                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                .max(RestorePoint::compareTo);
    }
}
