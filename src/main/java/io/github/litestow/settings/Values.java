package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns given texts into values, or refuses them in one line. */
final class Values {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");
    private static final Pattern FRACTION = Pattern.compile("[01]|0?\\.\\d{1,6}|1\\.0{1,6}");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6}|\\d{1,15}(?=$))([KMGT])?(?:I?B)?");
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> YES = Set.of("true", "yes", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "off", "0");

    private Values() {}

    static boolean bool(Given given) throws Failure {
        String lower = lower(given);
        if (YES.contains(lower)) {
            return true;
        }
        if (NO.contains(lower)) {
            return false;
        }
        throw given.refuse(given.shown() + " is neither true nor false");
    }

    /** Returns whether the second of two words was chosen. */
    static boolean second(Given given, String first, String second) throws Failure {
        String lower = lower(given);
        if (lower.equals(first) || lower.equals(second)) {
            return lower.equals(second);
        }
        throw given.refuse(given.shown() + " is not one of the choices");
    }

    static Duration duration(Given given) throws Failure {
        Optional<Duration> duration = DurationText.parse(given.text());
        if (duration.isEmpty()) {
            throw given.refuse(given.shown() + " is not a duration from zero to a hundred years");
        }
        return duration.get();
    }

    static Duration positive(Given given) throws Failure {
        // Told apart from a malformed one: "-5m" and "0" are durations, only not usable ones.
        boolean negative = given.text().startsWith("-") || given.text().contains("T-");
        Duration duration = negative ? Duration.ZERO : duration(given);
        if (duration.isZero()) {
            throw given.refuse(given.shown() + " is not positive");
        }
        return duration;
    }

    static Duration leaseTime(Given given) throws Failure {
        Duration duration = positive(given);
        if (duration.compareTo(Duration.ofSeconds(6)) < 0 || duration.compareTo(Duration.ofHours(1)) > 0) {
            throw given.refuse(given.shown() + " is not between six seconds and an hour");
        }
        return duration;
    }

    static int atLeastOne(Given given) throws Failure {
        if (!WHOLE.matcher(given.text()).matches() || Integer.parseInt(given.text()) < 1) {
            throw given.refuse(given.shown() + " is not a whole number of 1 or more");
        }
        return Integer.parseInt(given.text());
    }

    /** Returns a number of bytes; K, M, G and T are powers of 1024. */
    static long bytes(Given given) throws Failure {
        Matcher size = SIZE.matcher(given.text().toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw given.refuse(given.shown() + " is not a size");
        }
        int power = "KMGT".indexOf(size.group(2) == null ? "" : size.group(2)) + 1;
        return Long.parseLong(size.group(1)) << (size.group(2) == null ? 0 : 10 * power);
    }

    /** Returns a fraction from 0 to 1. */
    static double fraction(Given given) throws Failure {
        Matcher percent = PERCENT.matcher(given.text());
        if (percent.matches() && Double.parseDouble(percent.group(1)) <= 100) {
            return Double.parseDouble(percent.group(1)) / 100;
        }
        if (FRACTION.matcher(given.text()).matches()) {
            return Double.parseDouble(given.text());
        }
        throw given.refuse(given.shown() + " is not a share between 0% and 100%");
    }

    static String region(Given given) throws Failure {
        if (!REGION.matcher(given.text()).matches()) {
            throw given.refuse(given.shown() + " is not a region name");
        }
        return given.text();
    }

    static ZoneId zone(Given given) throws Failure {
        try {
            return ZoneId.of(given.text());
        } catch (DateTimeException unknown) {
            throw given.refuse(given.shown() + " is not a time zone", unknown);
        }
    }

    static Path path(Given given) throws Failure {
        try {
            return Path.of(given.text());
        } catch (InvalidPathException invalid) {
            throw given.refuse(given.shown() + " is not a path", invalid);
        }
    }

    /** Returns the schedule, which fires at least once after now; empty for {@code off}. */
    static Optional<Schedule> schedule(Given cron, ZoneId zone, Clock clock) throws Failure {
        // YAML reads a bare off as false.
        if (lower(cron).equals("off") || lower(cron).equals("false")) {
            return Optional.empty();
        }
        Schedule schedule = new Schedule(cron.text(), zone);
        try {
            if (schedule.next(clock.instant()).isEmpty()) {
                throw cron.refuse(cron.shown() + " never fires");
            }
        } catch (IllegalArgumentException malformed) {
            throw cron.refuse(cron.shown() + " is not a cron expression (" + oneLine(malformed) + ")", malformed);
        }
        return Optional.of(schedule);
    }

    private static String oneLine(IllegalArgumentException malformed) {
        return String.valueOf(malformed.getMessage()).replaceAll("\\s+", " ").strip();
    }

    private static String lower(Given given) {
        return given.text().toLowerCase(Locale.ROOT);
    }
}
