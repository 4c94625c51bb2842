package io.github.litestow.store.s3;

import java.time.Duration;
import java.time.Instant;

/**
 * When a version was written. S3 says so; versitygw 1.8.0 says of a version that is no longer the newest when
 * it was superseded, and has the true time in the version's id, a ULID (its first ten of 26 digits count
 * milliseconds). Nobody but the store chooses an id.
 */
final class VersionTime {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int ULID = 26;
    private static final int OF_TIME = 10;
    /** What is older is no time but something that looks like one. */
    private static final Duration AT_MOST = Duration.ofDays(3_660);

    private VersionTime() {}

    /**
     * Returns when a version was written.
     *
     * @param said what the listing says
     */
    static Instant of(String id, Instant said) {
        if (id == null || id.length() != ULID || id.chars().anyMatch(digit -> DIGITS.indexOf(digit) < 0)) {
            return said;
        }
        long millis = 0;
        for (int i = 0; i < OF_TIME; i++) {
            millis = millis * DIGITS.length() + DIGITS.indexOf(id.charAt(i));
        }
        Instant made = Instant.ofEpochMilli(millis);
        return made.isBefore(said) && made.isAfter(said.minus(AT_MOST)) ? made : said;
    }
}
