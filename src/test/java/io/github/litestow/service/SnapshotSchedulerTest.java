package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scheduler is told, held against the times that `status` and health promise. */
class SnapshotSchedulerTest {
    private static final Instant NOW = Instant.parse("2026-11-21T14:00:00Z");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final int TIMES = 40;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * *",
                "*/7 * * * 1-5",
                "30 2 * * *",
                "0 3 * * 0",
                "0 3 * * 5-7",
                "5-10/2 0 * 1-3 *",
                "0 3 1,15 * *",
                "0 3 1 * 1",
                "0 3 */2 * mon",
                "0 */5 * * * ?",
                "0 0 3 ? * MON-FRI"
            })
    void the_scheduler_fires_at_every_time_of_the_cron_and_at_no_other(String cron) {
        Schedule schedule = new Schedule(cron, ZONE);
        Schedule scheduler = new Schedule(SnapshotScheduler.quartz(schedule), ZONE);

        List<Instant> taken =
                times(scheduler).filter(schedule::fires).limit(TIMES).toList();

        assertThat(taken).isEqualTo(times(schedule).limit(TIMES).toList());
    }

    private static Stream<Instant> times(Schedule schedule) {
        return Stream.iterate(
                schedule.next(NOW).orElseThrow(), time -> schedule.next(time).orElseThrow());
    }
}
