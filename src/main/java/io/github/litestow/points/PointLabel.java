package io.github.litestow.points;

import io.github.litestow.outcome.RestorePoint;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a restore point can be called: up to 100 characters that are nothing else one could mean, such as
 * a time or a transaction. Immutable.
 */
public final class PointLabel {
    /** What is accepted, for a person. */
    public static final String ACCEPTED =
            "1 to 100 characters without control characters, and neither a time, nor 16 hexadecimal digits, nor `"
                    + PointReference.LOCAL + "`";

    private static final int MAX = 100;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final String text;

    private PointLabel(String text) {
        this.text = text;
    }

    /**
     * Returns the label; blanks around it do not count.
     *
     * @throws IllegalArgumentException saying what is wrong and what is accepted
     */
    public static PointLabel of(String given) {
        String text = given.strip();
        Optional<String> why = wrong(text);
        if (why.isPresent()) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be a label: " + why.get() + "; accepted: " + ACCEPTED);
        }
        return new PointLabel(text);
    }

    private static Optional<String> wrong(String text) {
        if (text.isEmpty()) {
            return Optional.of("it is empty");
        }
        if (text.codePointCount(0, text.length()) > MAX) {
            return Optional.of("it is longer than " + MAX + " characters");
        }
        if (CONTROL.matcher(text).find()) {
            return Optional.of("it holds a character that cannot be seen");
        }
        if (RestorePoint.isTxid(text.toLowerCase(Locale.ROOT))) {
            return Optional.of("it could be a transaction");
        }
        if (text.equals(PointReference.LOCAL)) {
            return Optional.of("it means the local database");
        }
        return PointInTime.parse(text).map(time -> "it could be a time");
    }

    /** Returns its characters. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }
}
