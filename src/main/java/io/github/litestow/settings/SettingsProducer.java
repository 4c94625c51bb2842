package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.Config;

/** Gives the validated settings to whoever injects them. */
@ApplicationScoped
class SettingsProducer {

    /**
     * Reads the settings once.
     *
     * @throws InvalidSettings when they are refused
     */
    @Produces
    @Singleton
    ServiceSettings settings(Config config) {
        try {
            // Only asks whether a cron still fires some day; no other code depends on this clock.
            return new SettingsReader(config.unwrap(SmallRyeConfig.class), Clock.systemUTC()).read();
        } catch (Failure failure) {
            throw new InvalidSettings(failure);
        }
    }
}
