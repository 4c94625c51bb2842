package io.github.litestow.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When to run: a cron expression in a time zone. Immutable and safe for concurrent use.
 *
 * <p>Five fields are a Unix cron, six or seven a Quartz one. A time of day that daylight saving leaves
 * out is passed over that day, and one that it repeats fires once, the first time; a cron that fires
 * at intervals goes on through both. Quarkus' own scheduler would fire a repeated time twice: ask
 * {@link #fires}.
 *
 * @param cron the expression. {@link #next} and {@link #longestGap} throw {@link
 *     IllegalArgumentException} when it is none, which {@link Rules.Cron} has ruled out
 * @param zone the zone in which it is read
 */
public record Schedule(String cron, ZoneId zone) {
    private static final Duration YEAR = Duration.ofDays(366);
    /** Every gap of a cron that fires daily or less often. */
    private static final int CONSECUTIVE = 400;

    private static final Set<String> ANY = Set.of("*", "?");

    /** Returns the first fire time after {@code instant}; empty when there is none. */
    public Optional<Instant> next(Instant instant) {
        return next(execution(), instant);
    }

    /** Returns whether this is a fire time, which one that the clocks showed before and that was used then is not. */
    public boolean fires(Instant instant) {
        return next(instant.minusSeconds(1)).filter(instant::equals).isPresent();
    }

    /** Returns whether a fire time is one that the clocks showed before and that was used then. */
    private boolean repeats(ExecutionTime execution, Instant fire) {
        ZonedDateTime earlier = fire.atZone(zone).withEarlierOffsetAtOverlap();
        if (!earlier.toInstant().isBefore(fire)) {
            return false;
        }
        // From one fire time to the next, the cron library knows an interval from a time of day.
        Optional<ZonedDateTime> following = Optional.of(earlier);
        while (following.isPresent() && following.get().toInstant().isBefore(fire)) {
            following = execution.nextExecution(following.get());
        }
        return following.map(time -> !time.toInstant().equals(fire)).orElse(true);
    }

    /**
     * Returns the longest gap between consecutive fire times in the year after {@code instant}, and
     * a year when fewer than two are left.
     *
     * <p>A cron that fires alike each minute, hour or day is measured for one of them, and around each
     * change of the clocks. Any other costs some tens of milliseconds: a few hundred consecutive gaps
     * are measured, then only those around every hour of a week and every half day of the year. So a gap
     * of more than twelve hours is never missed, nor one that returns weekly and exceeds an hour.
     */
    public Duration longestGap(Instant instant) {
        ExecutionTime execution = execution();
        return period().flatMap(period -> longestGap(execution, instant, period))
                .orElseGet(() -> longestGap(execution, instant));
    }

    /** Returns after what time the cron fires alike again, while the clocks are not changed. */
    private Optional<Duration> period() {
        List<String> fields = List.of(cron.strip().split("\\s+", -1));
        int minute = fields.size() <= 5 ? 0 : 1;
        int free = fields.size();
        while (free > 0 && ANY.contains(fields.get(free - 1))) {
            free--;
        }
        if (free <= minute) {
            return Optional.of(Duration.ofMinutes(1));
        }
        return free == minute + 1
                ? Optional.of(Duration.ofHours(1))
                : free == minute + 2 ? Optional.of(Duration.ofDays(1)) : Optional.empty();
    }

    /** Returns it for a cron that has a period; empty when that has too many fire times to look at each. */
    private Optional<Duration> longestGap(ExecutionTime execution, Instant instant, Duration period) {
        Duration longest = Duration.ZERO;
        int steps = 0;
        Instant from = instant;
        Instant until = instant.plus(period);
        ZoneOffsetTransition change = zone.getRules().nextTransition(instant);
        while (true) {
            Optional<Instant> fire = next(execution, from);
            do {
                Optional<Instant> following = fire.flatMap(time -> next(execution, time));
                if (following.isEmpty() || ++steps > CONSECUTIVE) {
                    return Optional.empty();
                }
                longest = longer(longest, Duration.between(fire.get(), following.get()));
                fire = following;
            } while (!fire.get().isAfter(until));
            if (change == null || change.getInstant().isAfter(instant.plus(YEAR))) {
                return Optional.of(longest);
            }
            // The change itself may leave a fire time out.
            Instant before = change.getInstant().minus(period).minus(period);
            from = before.isBefore(instant) ? instant : before;
            until = change.getInstant().plus(period);
            change = zone.getRules().nextTransition(change.getInstant());
        }
    }

    private Duration longestGap(ExecutionTime execution, Instant instant) {
        Instant end = instant.plus(YEAR);
        Duration longest = Duration.ZERO;
        Optional<Instant> fire = next(execution, instant);
        for (int i = 0; i < CONSECUTIVE; i++) {
            Optional<Instant> following = fire.flatMap(time -> next(execution, time));
            if (following.isEmpty()) {
                return YEAR;
            }
            longest = longer(longest, Duration.between(fire.get(), following.get()));
            fire = following;
            if (fire.get().isAfter(end)) {
                return longest;
            }
        }
        Instant sampled = fire.get();
        longest = longer(longest, around(execution, sampled, sampled.plus(Duration.ofDays(8)), Duration.ofHours(1)));
        return longer(longest, around(execution, sampled, end, Duration.ofHours(12)));
    }

    /** Returns the longest gap among those that end after a probe. */
    private Duration around(ExecutionTime execution, Instant from, Instant until, Duration step) {
        Duration longest = Duration.ZERO;
        for (Instant probe = from; probe.isBefore(until); probe = probe.plus(step)) {
            // The gap that ends at the first fire time after the probe, which may be a fire time itself.
            Optional<ZonedDateTime> after = execution.nextExecution(probe.atZone(zone));
            Optional<Duration> gap =
                    after.flatMap(end -> execution.lastExecution(end).map(before -> Duration.between(before, end)));
            longest = longer(longest, gap.orElse(Duration.ZERO));
        }
        return longest;
    }

    private Optional<Instant> next(ExecutionTime execution, Instant instant) {
        Optional<Instant> next = following(execution, instant);
        while (next.isPresent() && repeats(execution, next.get())) {
            next = following(execution, next.get());
        }
        return next;
    }

    /** What the cron library says, apart from where it errs at a change of the clocks. */
    private Optional<Instant> following(ExecutionTime execution, Instant instant) {
        Optional<Instant> next = execution
                .nextExecution(instant.atZone(zone))
                // Coming from another day, it gives the second of two.
                .map(time -> time.withEarlierOffsetAtOverlap().toInstant().isAfter(instant)
                        ? time.withEarlierOffsetAtOverlap()
                        : time)
                .map(ZonedDateTime::toInstant);
        ZoneOffsetTransition change = zone.getRules().nextTransition(instant);
        if (change == null
                || !change.isGap()
                || next.filter(time -> !time.isAfter(change.getInstant())).isPresent()) {
            return next;
        }
        // In a zone that skips half an hour it passes over the half that is left, too; not by clocks without a change.
        ZonedDateTime after = change.getDateTimeAfter().atZone(ZoneOffset.UTC);
        Optional<Instant> first = (execution.isMatch(after) ? Optional.of(after) : execution.nextExecution(after))
                .map(ZonedDateTime::toLocalDateTime)
                // One in another gap is none: nothing fires in an hour that is skipped.
                .filter(time -> !zone.getRules().getValidOffsets(time).isEmpty())
                .map(time -> time.atZone(zone).toInstant());
        return first.filter(time -> next.filter(time::isAfter).isEmpty()).or(() -> next);
    }

    private ExecutionTime execution() {
        String expression = cron.strip();
        CronType type = expression.split("\\s+", -1).length <= 5 ? CronType.UNIX : CronType.QUARTZ;
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
        return ExecutionTime.forCron(parser.parse(expression).validate());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
