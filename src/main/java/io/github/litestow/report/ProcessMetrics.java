package io.github.litestow.report;

import io.github.litestow.run.LaunchMode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.quarkus.micrometer.runtime.binder.JVMInfoBinder;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of the process itself. The same that Quarkus' {@code binder.jvm} and {@code binder.system} give,
 * which would give them to each command, too, where they are a twentieth of its time.
 */
@ApplicationScoped
public class ProcessMetrics {
    private final MeterRegistry registry;
    private final LaunchMode launchMode;
    private final List<Runnable> listening = new ArrayList<>();

    /** Registers in {@code registry}. */
    public ProcessMetrics(MeterRegistry registry, LaunchMode launchMode) {
        this.registry = registry;
        this.launchMode = launchMode;
    }

    /** Registers them in the service. */
    void register(@Observes StartupEvent start) {
        if (!launchMode.serving()) {
            return;
        }
        new ClassLoaderMetrics().bindTo(registry);
        JvmHeapPressureMetrics pressure = new JvmHeapPressureMetrics();
        listening.add(pressure::close);
        pressure.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new JVMInfoBinder().bindTo(registry);
        // A native executable tells nobody of its collections.
        if (ImageMode.current() == ImageMode.JVM) {
            JvmGcMetrics collections = new JvmGcMetrics();
            listening.add(collections::close);
            collections.bindTo(registry);
        }
        new UptimeMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /** Listens to collections no longer. */
    @PreDestroy
    void end() {
        listening.forEach(Runnable::run);
    }
}
