package io.github.litestow.cli;

import io.github.litestow.config.Durations;
import io.github.litestow.points.PointInTime;
import io.github.litestow.points.PointLabel;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the command line's values are written. */
final class CliValues {

    private CliValues() {}

    /** Reads {@code PT90S} and {@code 90s}. */
    static final class DurationValue implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Durations.parse(text)
                    .filter(duration -> !duration.isNegative() && !duration.isZero())
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is not a positive duration such as PT90S or 90s"));
        }
    }

    /** Reads a whole number of seconds, as pylts did, but not one that leaves no time. */
    static final class SecondsValue implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("0*[1-9][0-9]{0,8}")) {
                throw new TypeConversionException("'" + text + "' is not a whole number of seconds, 1 or more");
            }
            return Duration.ofSeconds(Long.parseLong(text));
        }
    }

    /** Reads a {@link PointLabel}. */
    static final class LabelValue implements ITypeConverter<PointLabel> {
        @Override
        public PointLabel convert(String text) {
            try {
                return PointLabel.of(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        }
    }

    /** Reads a {@link PointInTime}. */
    static final class TimeValue implements ITypeConverter<PointInTime> {
        @Override
        public PointInTime convert(String text) {
            return PointInTime.parse(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text
                            + "' is not a time such as 2026-11-21T09:00:00Z, 2026-11-21T09:00, 2026-11-21, 17m or"
                            + " '17 minutes ago'"));
        }
    }

    /** Reads up to 16 hexadecimal digits. */
    static final class TxidValue implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!text.matches("[0-9a-fA-F]{1,16}")) {
                throw new TypeConversionException("'" + text + "' is not a transaction id of 1 to 16 hex digits");
            }
            return "0".repeat(16 - text.length()) + text.toLowerCase(Locale.ROOT);
        }
    }
}
