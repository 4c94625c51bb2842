package io.github.litestow.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T09:00:00Z,      2026-11-21T09:00:00Z",
        "2026-11-21T09:00:00.123Z,  2026-11-21T09:00:00.123Z",
        "2026-11-21T09:00:00+05:30, 2026-11-21T03:30:00Z",
        "2026-11-21T09:00,          2026-11-21T08:00:00Z",
        "2026-11-21 09:00:30,       2026-11-21T08:00:30Z",
        "2026-07-01T09:00,          2026-07-01T07:00:00Z",
        "2h ago,                    2026-11-21T08:00:00Z",
        "P1D ago,                   2026-11-20T10:00:00Z",
        "90m ago,                   2026-11-21T08:30:00Z",
        "1h30m  AGO,                2026-11-21T08:30:00Z",
        "2026-11-21T10:00:00Z,      2026-11-21T10:00:00Z",
        "17m,                       2026-11-21T09:43:00Z",
        "PT17M,                     2026-11-21T09:43:00Z",
        "17 minutes ago,            2026-11-21T09:43:00Z",
        "17 Mins ago,               2026-11-21T09:43:00Z",
        "1 hour and 8 min,          2026-11-21T08:52:00Z",
        "1 h 8 min ago,             2026-11-21T08:52:00Z",
        "1 day 2 hours ago,         2026-11-20T08:00:00Z",
        "2 weeks ago,               2026-11-07T10:00:00Z",
        "90 ago,                    2026-11-21T09:58:30Z",
        "2026-11-21,                2026-11-20T23:00:00Z",
    })
    void an_instant_a_local_time_a_date_and_an_age_are_understood(String text, Instant moment) throws Failure {
        assertThat(PointInTime.parse(text).orElseThrow().at(NOW, BERLIN)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "ago",
                "-2h ago",
                "-2h",
                "2 months ago",
                "5 minutes or so ago",
                "2 weeks 3",
                "99999999 weeks ago",
                "2026-13-01",
                "2026-11",
                "09:00",
                "2026-13-01T00:00:00Z",
                "1",
                "20261121"
            })
    void what_is_none_of_these_is_not_guessed(String text) {
        assertThat(PointInTime.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027-11-21T09:00:00Z", "2026-11-21T11:00:01"})
    void the_future_is_refused_so_that_a_slip_of_the_pen_is_not_taken_for_the_newest(String text) {
        refused(text, "is in the future", "2026-11-21T10:00:00Z");
    }

    @Test
    void a_time_that_the_clocks_showed_twice_or_never_is_refused() {
        refused("2026-10-25T02:30", "showed that time twice", "2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z");
        refused("2026-03-29T02:30", "skipped that time", "instant");
    }

    private static void refused(String text, String... words) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> PointInTime.parse(text).orElseThrow().at(NOW, BERLIN))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.SETTINGS);
                    assertThat(failure.getMessage() + ". " + failure.hint()).contains(words);
                });
    }
}
