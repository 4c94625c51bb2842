package io.github.litestow.run.prune;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.RunTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which restore points are wanted, and why (design section 7): those younger than {@code keep-for}, at least
 * {@code keep-at-least} of them, the newest, the newest proven, the last of so many hours, days, weeks,
 * months and years ({@link CalendarRule}), and those that are pinned. Pure.
 */
final class RetentionPolicy {
    private final List<RestorePoint> points;
    private final Retention retention;
    private final ZoneId zone;
    private final Set<String> pinned;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, List<String>> calendar = new HashMap<>();
    private final Optional<RestorePoint> newestProven;

    /**
     * Judges these points.
     *
     * @param points oldest first
     * @param zone whose hours and days count
     * @param pinned the transactions that stay whatever the rules say
     */
    RetentionPolicy(List<RestorePoint> points, Retention retention, ZoneId zone, Set<String> pinned) {
        this.points = List.copyOf(points);
        this.retention = retention;
        this.zone = zone;
        this.pinned = Set.copyOf(pinned);
        for (int place = 0; place < points.size(); place++) {
            places.put(points.get(place).txid(), place);
        }
        this.newestProven = points.stream()
                .filter(point -> point.assurance() != Assurance.CONFIRMED)
                .max(RestorePoint::compareTo);
        for (CalendarRule rule : CalendarRule.of(retention)) {
            rule.apply(
                    this.points,
                    zone,
                    (txid, reason) -> calendar.computeIfAbsent(txid, first -> new ArrayList<>())
                            .add(reason));
        }
    }

    /** Returns the same rules with these points pinned. */
    RetentionPolicy pinning(Set<String> txids) {
        return new RetentionPolicy(points, retention, zone, txids);
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

    /** Returns the transactions of the points that are wanted. */
    Set<String> wanted(Instant now) {
        Set<String> wanted = new HashSet<>();
        for (RestorePoint point : points) {
            if (wanted(point, now)) {
                wanted.add(point.txid());
            }
        }
        return wanted;
    }

    /**
     * Returns the transactions of the points of which nothing may be deleted: those that are wanted, and those
     * that were at any time since one grace ago. A restore that was begun while its point was still wanted
     * has that long to end.
     */
    Set<String> kept(Instant now) {
        Instant then = now.minus(retention.grace());
        Set<String> kept = wanted(now);
        List<RestorePoint> existed = new ArrayList<>();
        for (RestorePoint point : points) {
            if (point.time().isAfter(then)) {
                kept.add(point.txid());
            } else {
                existed.add(point);
            }
        }
        kept.addAll(new RetentionPolicy(existed, retention, zone, Set.of()).wanted(then));
        return kept;
    }

    /** Returns why a point stays, in words for a person. */
    String why(RestorePoint point, Instant now) {
        List<String> reasons = ownReasons(point, now);
        return reasons.isEmpty()
                ? "not wanted any more; its files are needed, or the grace of " + TimeText.limit(retention.grace())
                        + " is not over"
                : String.join(", ", reasons);
    }

    private boolean wanted(RestorePoint point, Instant now) {
        return pinned.contains(point.txid())
                || calendar.containsKey(point.txid())
                || newer(point) < retention.keepAtLeast()
                || newer(point) == 0
                || young(point, now)
                || newestProven.filter(point::equals).isPresent();
    }

    private int newer(RestorePoint point) {
        return points.size() - 1 - places.get(point.txid());
    }

    private boolean young(RestorePoint point, Instant now) {
        return point.time().isAfter(now.minus(retention.keepFor()));
    }

    private List<String> ownReasons(RestorePoint point, Instant now) {
        int newer = newer(point);
        List<String> reasons = new ArrayList<>();
        if (pinned.contains(point.txid())) {
            reasons.add("pinned");
        }
        if (newer == 0) {
            reasons.add("the newest");
        } else if (newer < retention.keepAtLeast()) {
            reasons.add("one of the newest " + retention.keepAtLeast());
        }
        if (newestProven.filter(point::equals).isPresent()) {
            reasons.add("the newest proven");
        }
        if (young(point, now)) {
            reasons.add("younger than " + TimeText.length(retention.keepFor()));
        }
        reasons.addAll(calendar.getOrDefault(point.txid(), List.of()));
        return reasons;
    }
}
