package io.github.litestow.run.prune;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.outcome.RestorePoint;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Keeps the last point of each of the last so many hours, days, weeks, months or years in which there are
 * points, as restic's {@code --keep-daily} and the like do: hours without a point do not count, and as long as
 * there are fewer of them than are wanted the oldest point of all stays, too. Weeks are those of ISO 8601.
 *
 * @param period what is counted, for a person
 * @param count how many of them
 * @param of which one a time belongs to
 */
record CalendarRule(String period, int count, Function<LocalDateTime, Object> of) {

    /** Returns the rules of the settings, those that keep nothing left out. */
    static List<CalendarRule> of(Retention retention) {
        return List.of(
                        new CalendarRule("hour", retention.keepHourly(), time -> time.truncatedTo(ChronoUnit.HOURS)),
                        new CalendarRule("day", retention.keepDaily(), LocalDateTime::toLocalDate),
                        new CalendarRule("week", retention.keepWeekly(), CalendarRule::week),
                        new CalendarRule("month", retention.keepMonthly(), YearMonth::from),
                        new CalendarRule("year", retention.keepYearly(), LocalDateTime::getYear))
                .stream()
                .filter(rule -> rule.count() > 0)
                .toList();
    }

    private static Object week(LocalDateTime time) {
        return time.get(IsoFields.WEEK_BASED_YEAR) * 100 + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    /**
     * Names the points that it keeps.
     *
     * @param points oldest first
     * @param keep gets each with the reason
     */
    void apply(List<RestorePoint> points, ZoneId zone, BiConsumer<String, String> keep) {
        int left = count;
        Object last = null;
        for (int place = points.size() - 1; place >= 0 && left > 0; place--) {
            RestorePoint point = points.get(place);
            Object own = of.apply(LocalDateTime.ofInstant(point.time(), zone));
            if (!own.equals(last)) {
                keep.accept(point.txid(), "the last of its " + period);
                last = own;
                left--;
            } else if (place == 0) {
                keep.accept(point.txid(), "the oldest, as there are not " + count + " " + period + "s yet");
            }
        }
    }
}
