package io.github.litestow.run;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.engine.Litestream;
import io.github.litestow.engine.LitestreamProducer;
import io.github.litestow.outcome.BuildInfo;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.StorageSchemes;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Tells whoever reports which engine the service works with. */
@ApplicationScoped
public class EngineNotice {
    private static final Logger LOG = Logger.getLogger(EngineNotice.class);

    private final Litestream litestream;
    private final Event<BuildInfo> found;
    private final LaunchMode launchMode;
    private final String version;

    /** Wires the notice. */
    public EngineNotice(
            Litestream litestream,
            Event<BuildInfo> found,
            LaunchMode launchMode,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.litestream = litestream;
        this.found = found;
        this.launchMode = launchMode;
        this.version = version;
    }

    /** Asks on a thread of its own: a start must not wait for an engine that hangs. */
    void started(@Observes StartupEvent event) {
        if (launchMode.serving()) {
            DaemonThreads.start("engine's version", () -> found.fire(new BuildInfo(version, engine())));
        }
    }

    /** Returns path and version of the engine in use, for a person, or why there is none. */
    public String describe() {
        try {
            return litestream.binary() + " (" + litestream.version() + ")";
        } catch (Failure e) {
            return "none usable: " + e.getMessage() + ". " + e.hint();
        }
    }

    /**
     * Returns version and path of the engine that this machine has, whatever else the settings are, or why
     * there is none; for a person who asks for versions.
     *
     * @param environment of this process
     */
    public static String withoutSettings(Map<String, String> environment) {
        Optional<Path> binary = Optional.ofNullable(environment.get("LITESTOW_LITESTREAM_BINARY"))
                .filter(path -> !path.isBlank())
                .map(Path::of);
        ConfiguredService nothing =
                new ConfiguredService(List.of(), binary, Duration.ofSeconds(1), Optional.empty(), 1);
        Litestream engine = new LitestreamProducer().litestream(nothing, new StorageSchemes());
        try {
            return engine.version() + " (" + engine.binary() + ")";
        } catch (Failure e) {
            return "(none usable: " + e.getMessage() + ")";
        }
    }

    private String engine() {
        try {
            return litestream.version();
        } catch (Failure e) {
            LOG.warnf("%s. %s", e.getMessage(), e.hint());
            return "missing";
        }
    }
}
