package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.litestow.host.Host;
import io.github.litestow.run.LaunchMode;
import io.quarkus.scheduler.Scheduler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scheduler that takes a job only the second time. */
class JobThatFailsToBeginTest {
    @TempDir
    Path temp;

    private final List<String> asked = new ArrayList<>();

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Scheduler scheduler() {
        return proxy(Scheduler.class, (scheduler, method, arguments) -> {
            if (!method.getName().equals("newJob")) {
                return null;
            }
            asked.add((String) arguments[0]);
            if (asked.size() == 1) {
                throw new IllegalStateException("not now");
            }
            return proxy(
                    Scheduler.JobDefinition.class,
                    (job, step, of) -> step.getName().equals("schedule") ? null : job);
        });
    }

    @Test
    void is_not_taken_for_one_that_has_begun() {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.cron", Optional.of("0 * * * * ?"));
        LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
        SnapshotScheduler cron =
                new SnapshotScheduler(scheduler(), host.runs(), host.snapshots(), null, Clock.systemUTC(), mode);
        try {
            assertThatThrownBy(() -> cron.schedule(host.database())).hasMessage("not now");

            cron.schedule(host.database());
            cron.schedule(host.database());

            assertThat(asked).as("begun once more, and then shared").hasSize(2);
        } finally {
            cron.close();
            host.stop();
        }
    }
}
