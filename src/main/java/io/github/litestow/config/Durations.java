package io.github.litestow.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: ISO-8601 ({@code PT5M}) or short ({@code 5m}, {@code 1d12h}, {@code 30} for
 * seconds). Quarkus' own converter knows neither days before hours nor an upper limit.
 */
public final class Durations {
    /** Longer is a slip of the pen, and would overflow milliseconds and nanoseconds further on. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Pattern SHORT = Pattern.compile("(\\d{1,9}d)?((?:\\d{1,9}[hms])*)(?:(\\d{1,9})ms)?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

    private Durations() {}

    /** Returns the duration, from zero to a hundred years; empty when the text is none. */
    public static Optional<Duration> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        try {
            Duration duration =
                    SECONDS.matcher(lower).matches() ? Duration.ofSeconds(Long.parseLong(lower)) : shortOrIso(lower);
            return duration.isNegative() || duration.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(duration);
        } catch (DateTimeException notADuration) {
            return Optional.empty();
        }
    }

    private static Duration shortOrIso(String lower) {
        Matcher parts = SHORT.matcher(lower);
        if (lower.isEmpty() || !parts.matches()) {
            return Duration.parse(lower);
        }
        String days = parts.group(1) == null ? "0d" : parts.group(1);
        String time = parts.group(2).isEmpty() ? "0s" : parts.group(2);
        long millis = parts.group(3) == null ? 0 : Long.parseLong(parts.group(3));
        return Duration.parse("P" + days + "T" + time).plusMillis(millis);
    }
}
