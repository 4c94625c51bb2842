package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.MapBackedConfigSource;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings for tests, made of given sources only: nothing of this process' environment gets in. What reads
 * the settings of a database needs one line: {@code TestConfig.working(folder).yaml("litestow.snapshot.timeout",
 * "1s").database()}.
 */
public final class TestConfig {
    private final SmallRyeConfigBuilder builder =
            new SmallRyeConfigBuilder().addDefaultInterceptors().withInterceptors(new SettingResolver());
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> yaml = new LinkedHashMap<>();

    private TestConfig() {}

    /** An empty configuration. */
    public static TestConfig empty() {
        return new TestConfig();
    }

    /** The least that is accepted. */
    public static TestConfig working(Path folder) {
        return empty().env("REPLICA_URL", "s3://bucket/path").env("LITESTOW_FOLDER", folder.toString());
    }

    public TestConfig env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public TestConfig without(String name) {
        environment.remove(name);
        return this;
    }

    public TestConfig yaml(String key, String value) {
        yaml.put(key, value);
        return this;
    }

    TestConfig dotEnv(Path file) {
        new DotEnvFile(file).getConfigSources(getClass().getClassLoader()).forEach(builder::withSources);
        return this;
    }

    /** Adds what was given; a configuration is built once. */
    public SmallRyeConfig build() {
        String file =
                Path.of("config", "application.yaml").toAbsolutePath().toUri().toString();
        return builder.withSources(
                        new EnvConfigSource(environment, 300),
                        new MapBackedConfigSource("YamlConfigSource[source=" + file + "]", yaml, 265) {})
                .build();
    }

    public ConfiguredService read() {
        return ConfigReader.read(build());
    }

    /** Reads and returns the database named {@code default}. */
    public ConfiguredDatabase database() {
        return database(ConfigReader.DEFAULT_DATABASE);
    }

    public ConfiguredDatabase database(String name) {
        return read().databases().stream()
                .filter(database -> database.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Changes where the replica is. */
    public static ConfiguredDatabase with(ConfiguredDatabase old, ReplicaUrl replica, S3Settings s3) {
        return new ConfiguredDatabase(old.name(), old.database(), replica, s3, old.settings());
    }

    /** Changes one setting of a database, by the name of its accessor, to whatever no rule would let through. */
    public static ConfiguredDatabase with(ConfiguredDatabase old, String accessor, Object value) {
        LitestowConfig.Database settings = with(LitestowConfig.Database.class, old.settings(), accessor, value);
        return new ConfiguredDatabase(old.name(), old.database(), old.replica(), old.s3(), settings);
    }

    /** Changes one setting of a group: {@code with(LitestowConfig.Snapshot.class, old.snapshot(), "timeout", …)}. */
    public static <T> T with(Class<T> group, T old, String accessor, Object value) {
        return group.cast(Proxy.newProxyInstance(
                group.getClassLoader(),
                new Class<?>[] {group},
                (proxy, method, arguments) ->
                        method.getName().equals(accessor) ? value : method.invoke(old, arguments)));
    }
}
