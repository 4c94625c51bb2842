package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredService;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** Makes the one {@link Litestream} of the service, and ends its engines when the service stops. */
@ApplicationScoped
public class LitestreamProducer {
    private final RunningEngines running = new RunningEngines(System::nanoTime);

    /** Returns the engine that these settings name, which is told of replicas what {@code targets} know. */
    @Produces
    @Singleton
    public Litestream litestream(ConfiguredService settings, EngineTargets targets) {
        Map<String, String> environment = System.getenv();
        EngineProcess runner = new EngineProcess(running);
        EngineLocator locator =
                new EngineLocator(settings.litestreamBinary(), environment, EngineLocator.buildCopies(), runner);
        EngineSlots turns = new EngineSlots(settings.concurrency());
        return new LitestreamBinary(targets, locator, runner, turns, environment, System::nanoTime);
    }

    /** After the last snapshot; hooks of the JVM itself would run beside it and end its engine. */
    @PreDestroy
    void stop() {
        running.close();
    }
}
