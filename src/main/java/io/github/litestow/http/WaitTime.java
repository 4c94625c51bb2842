package io.github.litestow.http;

import java.time.DateTimeException;
import java.time.Duration;

/** How long a request waits for the end of the run that it began. */
final class WaitTime {
    private static final Duration MOST = Duration.ofMinutes(5);

    private WaitTime() {}

    /**
     * Reads it, for example {@code PT30S}.
     *
     * @throws Refused when it is none, or longer than five minutes
     */
    static Duration of(String text) {
        try {
            Duration wait = Duration.parse(text);
            if (!wait.isNegative() && wait.compareTo(MOST) <= 0) {
                return wait;
            }
        } catch (DateTimeException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static Refused malformed() {
        return Refused.malformed("wait is not a duration of at most five minutes, for example PT30S.");
    }
}
