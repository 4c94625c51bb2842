package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.host.SettableClock;
import io.github.litestow.run.LaunchMode;
import io.quarkus.scheduler.Scheduler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scheduler fires nothing until the clock has reached again what it showed before it was set back. */
class ClockSetBackTest {
    @TempDir
    Path temp;

    private final List<String> made = new ArrayList<>();
    private final List<String> unmade = new ArrayList<>();
    private final SettableClock clock = new SettableClock(Instant.parse("2027-12-01T12:00:00Z"));
    private Host host;
    private SnapshotScheduler cron;

    @BeforeEach
    void a_database_that_cron_has() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.cron", Optional.of("0 * * * * ?"));
        LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
        cron = new SnapshotScheduler(
                proxy(Scheduler.class, this::schedule), host.runs(), host.snapshots(), null, clock, mode);
        cron.schedule(host.database());
    }

    @AfterEach
    void nothingRuns() {
        cron.close();
        host.stop();
    }

    private Object schedule(Object scheduler, Method method, Object[] arguments) {
        if (method.getName().equals("newJob")) {
            made.add((String) arguments[0]);
            return proxy(
                    Scheduler.JobDefinition.class,
                    (job, step, of) -> step.getName().equals("schedule") ? null : job);
        }
        if (method.getName().equals("unscheduleJob")) {
            unmade.add((String) arguments[0]);
        }
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void every_job_is_made_anew() {
        clock.set(Duration.ofDays(-365));

        cron.lookAtClock();

        assertThat(unmade).containsExactlyElementsOf(made.subList(0, 1));
        assertThat(made).hasSize(2).containsOnly(made.get(0));
    }

    @Test
    void once_for_each_time_that_it_is_set_back() {
        clock.set(Duration.ofMinutes(-1));

        cron.lookAtClock();
        cron.lookAtClock();

        assertThat(made).hasSize(2);
    }

    @Test
    void a_clock_that_goes_on_changes_nothing() {
        clock.set(Duration.ofDays(365));

        cron.lookAtClock();

        assertThat(unmade).isEmpty();
        assertThat(made).hasSize(1);
    }
}
