package io.github.litestow.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:02:00Z");

    @ParameterizedTest
    @CsvSource({
        "0 */5 * * * ?, UTC, 2026-11-21T10:05:00Z",
        "*/5 * * * *, UTC, 2026-11-21T10:05:00Z",
        "0 0 9 ? * MON-FRI, UTC, 2026-11-23T09:00:00Z",
        "0 9 * * 1-5, UTC, 2026-11-23T09:00:00Z",
        "0 9 * * 7, UTC, 2026-11-22T09:00:00Z",
        "0 0 3 * * ?, Asia/Tokyo, 2026-11-21T18:00:00Z",
        "0 0 0 1 1 ? 2030, UTC, 2030-01-01T00:00:00Z",
        "'  0   0 3 * * ? ', UTC, 2026-11-22T03:00:00Z",
    })
    void the_next_fire_time_follows_the_cron_in_its_zone(String cron, String zone, Instant next) {
        assertThat(new Schedule(cron, ZoneId.of(zone)).next(NOW)).contains(next);
    }

    @Test
    void a_cron_that_has_had_its_time_never_fires() {
        assertThat(utc("0 0 0 1 1 ? 2020").next(NOW)).isEmpty();
        assertThat(utc("0 0 0 30 2 ?").next(NOW)).isEmpty();
    }

    @Test
    void an_interval_goes_on_through_the_hour_that_is_repeated() {
        assertThat(fireTimes("0 */30 * * * ?", "2026-10-24T23:50:00Z", 5))
                .containsExactly(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z");
    }

    @Test
    void an_interval_goes_on_through_the_hour_that_is_left_out() {
        assertThat(fireTimes("0 */30 * * * ?", "2026-03-29T00:20:00Z", 3))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
    }

    @Test
    void a_time_of_day_that_is_repeated_fires_once() {
        assertThat(fireTimes("0 30 2 * * ?", "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void a_time_of_day_that_is_repeated_fires_the_first_time_whenever_one_asks() {
        Schedule schedule = new Schedule("0 30 2 * * ?", ZoneId.of("Europe/Berlin"));
        Instant second = Instant.parse("2026-10-25T01:30:00Z");

        assertThat(schedule.next(Instant.parse("2026-10-25T00:45:00Z")))
                .contains(Instant.parse("2026-10-26T01:30:00Z"));
        assertThat(schedule.fires(second)).isFalse();
        assertThat(schedule.fires(Instant.parse("2026-10-25T00:30:00Z"))).isTrue();
        assertThat(schedule.fires(Instant.parse("2026-10-26T01:30:00Z"))).isTrue();
        assertThat(schedule.fires(Instant.parse("2026-10-26T01:31:00Z"))).isFalse();
        assertThat(new Schedule("0 */30 * * * ?", ZoneId.of("Europe/Berlin")).fires(second))
                .isTrue();
    }

    @Test
    void a_time_that_is_left_out_a_year_later_is_no_slot() {
        Schedule schedule = new Schedule("0 30 2 28 3 ?", ZoneId.of("Europe/Berlin"));

        assertThat(schedule.next(Instant.parse("2026-03-28T12:00:00Z")))
                .contains(Instant.parse("2028-03-28T00:30:00Z"));
    }

    @Test
    void an_hourly_cron_fires_in_both_of_the_hours_that_look_alike() {
        assertThat(fireTimes("0 0 * * * ?", "2026-10-24T23:30:00Z", 3))
                .containsExactly("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z");
    }

    @Test
    void a_time_of_day_that_is_left_out_is_passed_over_that_day() {
        assertThat(fireTimes("30 2 * * *", "2026-03-28T12:00:00Z", 2))
                .containsExactly("2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "0 */5 * * * ?, PT5M",
        "* * * * * ?, PT1S",
        "*/7 * * * *, PT7M",
        "0 */5 9-17 ? * MON-FRI, PT63H5M",
        "'0 0 8,20 * * ?', PT12H",
        "* * * * * ?, PT1S",
        "*/20 * * * * ?, PT20S",
        "* * * * *, PT1M",
        "'0 5,15 * * * ?', PT50M",
        "0 */5 8-17 * * ?, PT14H5M",
        "*/5 8-17 * * *, PT14H5M",
        "0 0 3 ? * SUN, PT168H",
        "0 0 0 1 * ?, PT744H",
        "0 0 0 1 1 ?, PT8760H",
        "0 */10 * 1-20 * ?, PT264H10M",
        "0 0 0 1 1 ? 2027, PT8784H",
        "0 0 0 1 1 ? 2020, PT8784H",
    })
    void the_longest_gap_is_found_wherever_it_lies_in_the_year(String cron, Duration gap) {
        assertThat(utc(cron).longestGap(NOW)).isEqualTo(gap);
    }

    @ParameterizedTest
    @CsvSource({
        "0 45 1 ? * SUN, America/New_York, 2027-11-06T00:00:00Z, 2027-11-07T05:45:00Z",
        "45 1 * * 0, America/New_York, 2027-11-07T02:00:00Z, 2027-11-07T05:45:00Z",
        "0 45 1 ? * SUN, Australia/Lord_Howe, 2027-04-03T10:00:00Z, 2027-04-03T14:45:00Z",
    })
    void a_day_of_the_week_on_which_the_clocks_are_set_back_is_not_passed_over(
            String cron, String zone, Instant before, Instant fire) {
        Schedule schedule = new Schedule(cron, ZoneId.of(zone));

        assertThat(schedule.next(before)).contains(fire);
        assertThat(schedule.fires(fire)).isTrue();
        assertThat(schedule.longestGap(before)).isLessThan(Duration.ofDays(8));
    }

    @ParameterizedTest
    @CsvSource({
        "0 30 2 * * ?, 2027-10-02T15:30:00Z",
        "30 2 * * *, 2027-10-02T15:30:00Z",
        "0 45 2 * * ?, 2027-10-02T15:45:00Z",
    })
    void the_half_of_an_hour_that_a_zone_does_not_skip_has_its_times(String cron, Instant fire) {
        Schedule schedule = new Schedule(cron, ZoneId.of("Australia/Lord_Howe"));

        assertThat(schedule.next(Instant.parse("2027-10-02T12:00:00Z"))).contains(fire);
        assertThat(schedule.fires(fire)).isTrue();
    }

    @Test
    void the_longest_gap_counts_a_day_lost_to_daylight_saving() {
        assertThat(new Schedule("0 30 2 * * ?", ZoneId.of("Europe/Berlin")).longestGap(NOW))
                .isEqualTo(Duration.ofHours(47));
    }

    @Test
    void the_longest_gap_counts_the_hour_that_daylight_saving_gives_back() {
        assertThat(new Schedule("0 30 1,14 * * ?", ZoneId.of("America/New_York")).longestGap(NOW))
                .isEqualTo(Duration.ofHours(14));
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
    void daylight_saving_does_not_stretch_an_interval(String zone) {
        assertThat(new Schedule("0 */5 * * * ?", ZoneId.of(zone)).longestGap(NOW))
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void what_is_no_cron_is_said_to_be_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> utc("rubbish").next(NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> utc("* * * *").longestGap(NOW));
    }

    private static Schedule utc(String cron) {
        return new Schedule(cron, ZoneId.of("UTC"));
    }

    private static List<String> fireTimes(String cron, String from, int count) {
        Schedule schedule = new Schedule(cron, ZoneId.of("Europe/Berlin"));
        List<String> times = new ArrayList<>();
        Instant last = Instant.parse(from);
        while (times.size() < count) {
            last = schedule.next(last).orElseThrow();
            times.add(last.toString());
        }
        return times;
    }
}
