package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * What a single setting may be, one converter for each rule. Each refuses with what is wrong and what is
 * accepted; {@link ConfigReader} adds where the value was set.
 */
public final class Rules {
    private Rules() {}

    /** Judges a text without blanks around it, which is never empty: blank counts as unset. */
    public abstract static class Rule<T> implements Converter<T> {
        private static final String ACCEPTED = "; accepted: ";
        private final String accepted;

        /** Creates a rule that says what it accepts. */
        protected Rule(String accepted) {
            this.accepted = accepted;
        }

        /** Returns, for a person, what is accepted. */
        public final String accepted() {
            return accepted;
        }

        /** Throws {@link #refuse} when this is so. */
        protected final void refuseIf(boolean wrong, String problem) {
            if (wrong) {
                throw refuse(problem);
            }
        }

        /** Returns what to throw. */
        protected final IllegalArgumentException refuse(String problem) {
            return new IllegalArgumentException(problem + ACCEPTED + accepted);
        }
    }

    /** Anything but true and false is refused: SmallRye would take {@code maybe} for false. */
    public static final class StrictBoolean extends Rule<Boolean> {
        private static final Set<String> YES = Set.of("true", "yes", "on", "1");
        private static final Set<String> NO = Set.of("false", "no", "off", "0");

        public StrictBoolean() {
            super("true or false");
        }

        @Override
        public Boolean convert(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            refuseIf(!YES.contains(lower) && !NO.contains(lower), quoted(text) + " is neither true nor false");
            return YES.contains(lower);
        }
    }

    /** True is the second of two words. */
    abstract static class Choice extends Rule<Boolean> {
        private final String first;
        private final String second;

        Choice(String first, String second) {
            super(first + " or " + second);
            this.first = first;
            this.second = second;
        }

        @Override
        public Boolean convert(String text) {
            refuseIf(
                    !text.equalsIgnoreCase(first) && !text.equalsIgnoreCase(second),
                    quoted(text) + " is not one of the choices");
            return text.equalsIgnoreCase(second);
        }
    }

    /** What happens when the newest restore point is damaged. */
    public static final class FailOrFallback extends Choice {
        public FailOrFallback() {
            super("fail", "fallback");
        }
    }

    /** What readiness needs. */
    public static final class RestoredOrFresh extends Choice {
        public RestoredOrFresh() {
            super("restored", "fresh");
        }
    }

    /** A duration, zero included. */
    public static class NotNegative extends Rule<Duration> {
        public NotNegative() {
            this("a duration such as P7D, 12h or 30m");
        }

        NotNegative(String accepted) {
            super(accepted);
        }

        @Override
        public Duration convert(String text) {
            return Durations.parse(text)
                    .orElseThrow(() -> refuse(quoted(text) + " is not a duration from zero to a hundred years"));
        }
    }

    /** A duration longer than zero. */
    public static class Positive extends NotNegative {
        public Positive() {
            this("a positive duration such as PT5M, 5m or 30s");
        }

        Positive(String accepted) {
            super(accepted);
        }

        @Override
        public Duration convert(String text) {
            // Told apart from a malformed one: "-5m" and "0" are durations, only not usable ones.
            boolean negative = text.startsWith("-") || text.contains("T-");
            Duration duration = negative ? Duration.ZERO : super.convert(text);
            refuseIf(duration.isZero(), quoted(text) + " is not positive");
            return duration;
        }
    }

    /** A duration longer than zero; null for off. */
    public static final class PositiveOrOff extends Positive {
        public PositiveOrOff() {
            super("a positive duration such as P7D, 12h or 30m, or off");
        }

        @Override
        public Duration convert(String text) {
            // YAML reads a bare off as false.
            return text.equalsIgnoreCase("off") || text.equalsIgnoreCase("false") ? Duration.ZERO : super.convert(text);
        }
    }

    /** How long a lease may be silent. */
    public static final class LeaseTime extends Positive {
        public LeaseTime() {
            super("a duration from six seconds to one hour");
        }

        @Override
        public Duration convert(String text) {
            Duration duration = super.convert(text);
            refuseIf(
                    duration.compareTo(Duration.ofSeconds(6)) < 0 || duration.compareTo(Duration.ofHours(1)) > 0,
                    quoted(text) + " is not between six seconds and an hour");
            return duration;
        }
    }

    /** A count. */
    public static final class AtLeastOne extends Rule<Integer> {
        private static final Pattern WHOLE = Pattern.compile("0*[1-9]\\d{0,8}");

        public AtLeastOne() {
            super("a whole number, 1 or more");
        }

        @Override
        public Integer convert(String text) {
            refuseIf(!WHOLE.matcher(text).matches(), quoted(text) + " is not a whole number of 1 or more");
            return Integer.valueOf(text);
        }
    }

    /** A count that may be none. */
    public static final class NotNegativeNumber extends Rule<Integer> {
        private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");

        public NotNegativeNumber() {
            super("a whole number, 0 or more");
        }

        @Override
        public Integer convert(String text) {
            refuseIf(!WHOLE.matcher(text).matches(), quoted(text) + " is not a whole number");
            return Integer.valueOf(text);
        }
    }

    /** A number of bytes; K, M, G and T are powers of 1024, and a B or iB after them means nothing. */
    public static final class Size extends Rule<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,6}|\\d{1,15}(?=$))([KMGT])?(?:I?B)?");

        public Size() {
            super("a size such as 500M, 10G or a number of bytes");
        }

        @Override
        public Long convert(String text) {
            Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
            refuseIf(!size.matches(), quoted(text) + " is not a size");
            int power = size.group(2) == null ? 0 : "KMGT".indexOf(size.group(2)) + 1;
            return Long.parseLong(size.group(1)) << (10 * power);
        }
    }

    /** A fraction from 0 to 1. */
    public static final class Percent extends Rule<Double> {
        private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");
        private static final Pattern FRACTION = Pattern.compile("[01]|0?\\.\\d{1,6}|1\\.0{1,6}");

        public Percent() {
            super("0% to 100%, or a fraction such as 0.5");
        }

        @Override
        public Double convert(String text) {
            Matcher percent = PERCENT.matcher(text);
            if (percent.matches() && Double.parseDouble(percent.group(1)) <= 100) {
                return Double.parseDouble(percent.group(1)) / 100;
            }
            refuseIf(!FRACTION.matcher(text).matches(), quoted(text) + " is not a share between 0% and 100%");
            return Double.valueOf(text);
        }
    }

    /** A cron expression that fires some day; null for off. */
    public static final class Cron extends Rule<String> {
        public Cron() {
            super("a Quartz cron (6 or 7 fields), a Unix cron (5 fields) that fires some day, or off");
        }

        @Override
        public String convert(String text) {
            // YAML reads a bare off as false.
            if (text.equalsIgnoreCase("off") || text.equalsIgnoreCase("false")) {
                return null;
            }
            try {
                // No zone makes a difference to whether a cron ever fires.
                Schedule schedule = new Schedule(text, ZoneOffset.UTC);
                if (schedule.next(Clock.systemUTC().instant()).isPresent()) {
                    return text;
                }
            } catch (IllegalArgumentException malformed) {
                String why = String.valueOf(malformed.getMessage())
                        .replaceAll("\\s+", " ")
                        .strip();
                throw refuse(quoted(text) + " is not a cron expression (" + why + ")");
            }
            throw refuse(quoted(text) + " never fires");
        }
    }

    /** A time zone. */
    public static final class TimeZone extends Rule<ZoneId> {
        public TimeZone() {
            super("a zone id such as UTC or Europe/Berlin");
        }

        @Override
        public ZoneId convert(String text) {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException unknown) {
                throw refuse(quoted(text) + " is not a time zone");
            }
        }
    }

    /** A region of S3. */
    public static final class Region extends Rule<String> {
        private static final Pattern REGION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

        public Region() {
            super("a region name such as eu-central-1");
        }

        @Override
        public String convert(String text) {
            refuseIf(!REGION.matcher(text).matches(), quoted(text) + " is not a region name");
            return text;
        }
    }
}
