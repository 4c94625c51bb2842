package io.github.litestow.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.run.LaunchMode;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {

    @Test
    void the_service_tells_of_its_own_process() {
        assertThat(names("serve"))
                .contains(
                        "jvm.classes.loaded",
                        "jvm.gc.overhead",
                        "jvm.memory.used",
                        "jvm.threads.live",
                        "jvm.info",
                        "jvm.gc.live.data.size",
                        "process.uptime",
                        "process.cpu.usage",
                        "process.files.open");
    }

    @Test
    void a_command_which_nobody_asks_spends_no_time_on_it() {
        assertThat(names("status")).isEmpty();
    }

    private static Set<String> names(String command) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ProcessMetrics metrics = new ProcessMetrics(registry, new LaunchMode(command, "127.0.0.1", 0));
        metrics.register(new StartupEvent());
        metrics.end();
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .collect(Collectors.toSet());
    }
}
