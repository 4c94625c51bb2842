package io.github.litestow.config;

import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.Config;

/** Gives the validated settings to whoever injects them. */
@ApplicationScoped
public class ConfigProducer {
    /** The system property with the name of the command that the process was started for. */
    public static final String COMMAND = "io.github.litestow.command";

    /** The command that brings its own settings. */
    public static final String DEMONSTRATION = "demo";

    /**
     * Reads the settings once.
     *
     * @throws InvalidSettings when they are refused
     */
    @Produces
    @Singleton
    ConfiguredService settings(Config config) {
        boolean demonstration = DEMONSTRATION.equals(System.getProperty(COMMAND));
        return ConfigReader.read(
                demonstration
                        ? DemonstrationConfig.below(Path.of(System.getProperty("java.io.tmpdir")))
                        : config.unwrap(SmallRyeConfig.class));
    }
}
