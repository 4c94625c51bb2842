package io.github.litestow.config;

import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/** Gives the validated settings to whoever injects them. */
@ApplicationScoped
class ConfigProducer {

    /**
     * Reads the settings once.
     *
     * @throws InvalidSettings when they are refused
     */
    @Produces
    @Singleton
    ConfiguredService settings(Config config) {
        return ConfigReader.read(config.unwrap(SmallRyeConfig.class));
    }
}
