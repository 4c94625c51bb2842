package io.github.litestow.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    private static final Instant NOW = Instant.parse("2026-11-21T23:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT0S,        0 s",
        "PT0.9S,      0 s",
        "PT-5S,       0 s",
        "PT59S,       59 s",
        "PT1M,        1 min",
        "PT8M5S,      8 min 5 s",
        "PT1H8M59S,   1 h 8 min",
        "PT1H0M59S,   1 h",
        "P3DT2H,      3 d 2 h",
        "P400D,       400 d",
    })
    void a_length_has_its_two_largest_units(Duration length, String text) {
        assertThat(TimeText.length(length)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,        0 s",
        "PT0.05S,     50 ms",
        "PT14.88S,    14.9 s",
        "PT25S,       25 s",
        "PT1M,        1 min",
        "PT5M0.9S,    5 min",
    })
    void a_limit_is_as_exact_as_it_was_set(Duration limit, String text) {
        assertThat(TimeText.limit(limit)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UTC           | 2026-11-21T22:22:00Z     | 2026-11-21 22:22:00 UTC, 1 h 8 min ago
            Europe/Berlin | 2026-11-21T22:22:00.123Z | 2026-11-21 23:22:00 +01:00 (22:22:00 UTC), 1 h 7 min ago
            Asia/Kolkata  | 2026-11-21T23:30:00Z     | 2026-11-22 05:00:00 +05:30 (2026-11-21 23:30:00 UTC), 0 s ago
            Europe/London | 2026-11-21T23:34:00Z     | 2026-11-21 23:34:00 UTC, in 4 min
            """)
    void a_time_is_local_and_utc_and_so_long_ago(String zone, Instant time, String text) {
        assertThat(new TimeText(NOW, ZoneId.of(zone)).of(time)).isEqualTo(text);
    }
}
