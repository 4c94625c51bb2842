package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.MapBackedConfigSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration made of given sources only: nothing of this process' environment gets in. */
final class TestConfig {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC);

    private final SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withInterceptors(new PyltsNames())
            .withMapping(LitestowConfig.class);
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> yaml = new LinkedHashMap<>();

    /** An empty configuration. */
    static TestConfig empty() {
        return new TestConfig();
    }

    /** The least that is accepted. */
    static TestConfig working(Path folder) {
        return empty().env("REPLICA_URL", "s3://bucket/path").env("LITESTOW_FOLDER", folder.toString());
    }

    TestConfig env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    TestConfig without(String name) {
        environment.remove(name);
        return this;
    }

    TestConfig yaml(String key, String value) {
        yaml.put(key, value);
        return this;
    }

    TestConfig dotEnv(Path file) {
        new DotEnvFile(file).getConfigSources(getClass().getClassLoader()).forEach(builder::withSources);
        return this;
    }

    SmallRyeConfig build() {
        String file =
                Path.of("config", "application.yaml").toAbsolutePath().toUri().toString();
        return builder.withSources(
                        new EnvConfigSource(environment, 300),
                        new MapBackedConfigSource("YamlConfigSource[source=" + file + "]", yaml, 265) {})
                .build();
    }

    ServiceSettings read() throws Failure {
        return new SettingsReader(build(), CLOCK).read();
    }

    /** Reads and returns the database named {@code default}. */
    DatabaseSettings database() throws Failure {
        return database(SettingsReader.DEFAULT_DATABASE);
    }

    DatabaseSettings database(String name) throws Failure {
        return read().databases().stream()
                .filter(database -> database.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
