package io.github.litestow.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: ISO-8601 ({@code PT5M}) or short ({@code 5m}, {@code 1h30m}, {@code 30}). */
public final class DurationText {
    /** Longer is a slip of the pen, and would overflow milliseconds and nanoseconds further on. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

    private DurationText() {}

    /** Returns the duration, from zero to a hundred years; empty when the text is none. */
    public static Optional<Duration> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.isEmpty()) {
            return Optional.empty();
        }
        return (SECONDS.matcher(lower).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(lower)))
                        : shortForm(lower).or(() -> iso(lower)))
                .filter(duration -> !duration.isNegative() && duration.compareTo(LONGEST) <= 0);
    }

    private static Optional<Duration> shortForm(String lower) {
        Matcher matcher = SHORT.matcher(lower);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofDays(number(matcher, 1))
                .plusHours(number(matcher, 2))
                .plusMinutes(number(matcher, 3))
                .plusSeconds(number(matcher, 4))
                .plusMillis(number(matcher, 5)));
    }

    private static long number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    private static Optional<Duration> iso(String lower) {
        try {
            return Optional.of(Duration.parse(lower));
        } catch (DateTimeParseException notIso) {
            return Optional.empty();
        }
    }
}
