package io.github.litestow.points;

import io.github.litestow.config.Durations;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment to go back to, as people write it: an instant ({@code
 * 2026-11-21T09:00:00Z}, or with an offset), a local date-time in the database's time zone ({@code
 * 2026-11-21T09:00}; a date is its first moment), or an age ({@code 17m}, {@code 17 minutes ago}, {@code
 * P1D ago}). Immutable.
 */
public final class PointInTime {
    private static final Pattern AGO = Pattern.compile("(.+?)\\s+ago", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_UNIT = Pattern.compile("\\d*");
    private static final Pattern WORD = Pattern.compile(
            "(\\d{1,9})\\s*(week|w|day|d|hour|hr|h|minute|min|m|second|sec|s)s?(?![a-z])[\\s,]*(?:and\\s+)?",
            Pattern.CASE_INSENSITIVE);
    private static final int DAYS_OF_A_WEEK = 7;

    private final String text;
    private final Optional<Duration> age;
    private final Optional<Instant> instant;
    private final Optional<LocalDateTime> local;

    private PointInTime(String text, Optional<Duration> age, Optional<Instant> instant, Optional<LocalDateTime> local) {
        this.text = text;
        this.age = age;
        this.instant = instant;
        this.local = local;
    }

    /** Returns what the text says; empty when it is none of these. */
    public static Optional<PointInTime> parse(String given) {
        String text = given.strip();
        Optional<Duration> age = age(text);
        String iso = text.replaceFirst("(?<=\\d) +(?=\\d)", "T");
        Optional<Instant> instant = read(() -> OffsetDateTime.parse(iso).toInstant());
        Optional<LocalDateTime> local = read(() -> LocalDateTime.parse(iso))
                .or(() -> read(() -> LocalDate.parse(iso).atStartOfDay()));
        boolean something = age.isPresent() || instant.isPresent() || local.isPresent();
        return something ? Optional.of(new PointInTime(text, age, instant, local)) : Optional.empty();
    }

    /**
     * Returns the moment.
     *
     * @param now what an age counts back from, and what may not be passed
     * @param zone the zone of a local date-time
     * @throws Failure {@code SETTINGS} when it is in the future, or the clocks of the zone showed it
     *     twice or never: the newest restore point, or one of two, would be a guess
     */
    public Instant at(Instant now, ZoneId zone) throws Failure {
        Instant moment = age.isPresent() ? now.minus(age.get()) : instant.isPresent() ? instant.get() : unique(zone);
        if (moment.isAfter(now)) {
            throw refuse(
                    "it is in the future, now it is " + now, "Leave it out for the newest point, or correct the time.");
        }
        return moment;
    }

    /** Returns {@code 1d3h} for {@code 1 day and 3 hours}, and what is not made of such words as it is. */
    private static String abbreviated(String length) {
        StringBuilder units = new StringBuilder();
        Matcher word = WORD.matcher(length);
        int end = 0;
        while (word.find() && word.start() == end) {
            end = word.end();
            char unit = Character.toLowerCase(word.group(2).charAt(0));
            units.append(unit == 'w' ? Long.parseLong(word.group(1)) * DAYS_OF_A_WEEK + "d" : word.group(1) + unit);
        }
        return end == length.length() ? units.toString() : length;
    }

    /** A number alone is an age only with the word: it could as well be an hour or a day. */
    private static Optional<Duration> age(String text) {
        Matcher ago = AGO.matcher(text);
        boolean said = ago.matches();
        String length = said ? ago.group(1) : text;
        if (!said && NO_UNIT.matcher(length).matches()) {
            return Optional.empty();
        }
        return Durations.parse(abbreviated(length));
    }

    private Instant unique(ZoneId zone) throws Failure {
        LocalDateTime time = local.orElseThrow();
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.size() == 1) {
            return time.toInstant(offsets.get(0));
        }
        if (offsets.isEmpty()) {
            throw refuse(
                    "the clocks of " + zone + " skipped that time", "Give an instant, such as one that ends in Z.");
        }
        throw refuse(
                "the clocks of " + zone + " showed that time twice",
                "Give the instant: " + time.toInstant(offsets.get(0)) + " or " + time.toInstant(offsets.get(1)) + ".");
    }

    private Failure refuse(String why, String hint) {
        return new Failure(FailureKind.SETTINGS, "the time '" + text + "': " + why, hint);
    }

    private static <T> Optional<T> read(Reading<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (DateTimeException other) {
            // One of the other two ways, or a mistake that the caller names.
            return Optional.empty();
        }
    }

    private interface Reading<T> {
        T get();
    }
}
