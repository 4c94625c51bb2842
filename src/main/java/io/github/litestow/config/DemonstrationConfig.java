package io.github.litestow.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;

/**
 * The demonstration's settings, and nothing else: whatever the environment, {@code .env} and {@code
 * application.yaml} say of real databases and replicas, a demonstration touches none of them.
 */
final class DemonstrationConfig {
    private static final String NAME = "the demonstration";

    private DemonstrationConfig() {}

    /** Returns the settings of a sample database below the folder for temporary files. */
    static SmallRyeConfig below(Path temporary) {
        Path folder = temporary.resolve("litestow-demo");
        Map<String, String> settings = Map.of(
                "litestow.replica-url",
                "file://" + folder.resolve("replica"),
                "litestow.folder",
                folder.resolve("data").toString(),
                "litestow.database",
                "sample.sqlite",
                "litestow.snapshot.cron",
                "*/5 * * * * ?");
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withInterceptors(new SettingResolver())
                .withSources(new PropertiesConfigSource(settings, NAME, 100))
                .build();
    }
}
