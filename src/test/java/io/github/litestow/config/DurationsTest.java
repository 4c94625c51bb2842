package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "PT5M, PT5M",
        "pt5m, PT5M",
        "P7D, PT168H",
        "P1DT2H, PT26H",
        "PT0.5S, PT0.5S",
        "5m, PT5M",
        "30s, PT30S",
        "500ms, PT0.5S",
        "1h30m, PT1H30M",
        "7d, PT168H",
        "45, PT45S",
        "0, PT0S",
        "' 10S ', PT10S",
    })
    void both_spellings_are_understood(String text, Duration duration) {
        assertThat(Durations.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "m",
                "5 m",
                "5x",
                "m5",
                "1m1h",
                "-5s",
                "PT-5S",
                "1.5h",
                "P1M",
                "40000d",
                "99999999999999"
            })
    void anything_else_is_no_duration(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }
}
