package io.github.litestow.outcome;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Times as people read them. Machines get seconds and instants. Immutable.
 *
 * @param now what ages count back from
 * @param zone the zone of who reads
 */
public record TimeText(Instant now, ZoneId zone) {
    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static final String[] UNITS = {"d", "h", "min", "s"};
    private static final long[] SECONDS = {86_400, 3_600, 60, 1};

    /** Returns the texts of this moment, in the zone of this machine. */
    public static TimeText at(Clock clock) {
        return new TimeText(clock.instant(), ZoneId.systemDefault());
    }

    /** Returns for example {@code 2026-11-21 14:00:01 +01:00 (13:00:01 UTC), 1 h 8 min ago}; in the future, {@code in 4 min}. */
    public String of(Instant time) {
        ZonedDateTime utc = time.atZone(UTC);
        ZonedDateTime local = time.atZone(zone);
        String text = local.getOffset().equals(utc.getOffset())
                ? DATE_AND_TIME.format(utc) + " UTC"
                : DATE_AND_TIME.format(local) + " " + OFFSET.format(local) + " ("
                        + (utc.toLocalDate().equals(local.toLocalDate()) ? TIME : DATE_AND_TIME).format(utc) + " UTC)";
        return text + ", " + distance(time);
    }

    /** Returns for example {@code 1 h 8 min ago}, or {@code in 4 min}. */
    public String distance(Instant time) {
        return time.isAfter(now)
                // 3.9 s ahead is 4 s ahead.
                ? "in " + length(Duration.between(now, time.plusMillis(999)))
                : length(Duration.between(time, now)) + " ago";
    }

    /** Returns how long something may take: as a length, and below a minute as exact as it was set, {@code 14.9 s}. */
    public static String limit(Duration limit) {
        boolean fraction = limit.compareTo(Duration.ofMinutes(1)) < 0 && limit.toMillisPart() > 0;
        if (!fraction) {
            return length(limit);
        }
        return limit.toSeconds() == 0
                ? limit.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", limit.toMillis() / 1000.0);
    }

    /** Returns the two largest units of a length, for example {@code 1 h 8 min}; {@code 0 s} for less than a second. */
    public static String length(Duration length) {
        long left = Math.max(0, length.truncatedTo(ChronoUnit.SECONDS).toSeconds());
        for (int i = 0; i < UNITS.length; i++) {
            long whole = left / SECONDS[i];
            if (whole > 0) {
                long rest = i + 1 < UNITS.length ? left % SECONDS[i] / SECONDS[i + 1] : 0;
                return whole + " " + UNITS[i] + (rest > 0 ? " " + rest + " " + UNITS[i + 1] : "");
            }
        }
        return "0 s";
    }
}
