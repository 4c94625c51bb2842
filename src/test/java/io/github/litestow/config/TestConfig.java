package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.MapBackedConfigSource;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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

    /** Returns a database with the product's defaults; neither its folder nor its replica is touched. */
    public static ConfiguredDatabase defaults(String name, Path file, ReplicaUrl replica, S3Settings s3) {
        SmallRyeConfig config = empty().env("REPLICA_URL", "file:///no-replica").build();
        String prefix = "litestow.databases." + ConfigReader.DEFAULT_DATABASE;
        try {
            ConfigMappings.registerConfigProperties(
                    config, Set.of(new ConfigClass(LitestowConfig.Database.class, prefix)));
        } catch (ConfigValidationException e) {
            throw new AssertionError(e);
        }
        return new ConfiguredDatabase(
                name, file, replica, s3, config.getConfigMapping(LitestowConfig.Database.class, prefix));
    }

    /** Returns a database with the product's defaults and a {@code file://} replica. */
    public static ConfiguredDatabase defaults(String name, Path file, Path replica) {
        return defaults(name, file, new ReplicaUrl("file://" + replica, "file"), noKeys());
    }

    /** Returns what is said of S3 where a replica is elsewhere. */
    public static S3Settings noKeys() {
        return new S3Settings(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** Returns what every setting is called in the environment, pylts' names and those of hooks included. */
    public static Set<String> environmentNames() {
        Set<String> names = new TreeSet<>(SettingNames.OF_HOOKS);
        for (Set<String> group : List.of(SettingNames.Mapped.SERVICE.keySet(), SettingNames.Mapped.DATABASE.keySet())) {
            for (String name : group) {
                names.add(SettingNames.environmentName(SettingNames.topLevel(name)));
                names.add(SettingNames.variable(SettingNames.topLevel(name)));
            }
        }
        return names;
    }

    /** Returns what a replica keeps. */
    public static LitestowConfig.Retention retention(Duration keepFor, int keepAtLeast, Duration grace) {
        return new Kept(keepFor, keepAtLeast, 0, 0, 0, 0, 0, grace);
    }

    /** Returns the same with the last of so many hours, days, weeks, months and years. */
    public static LitestowConfig.Retention thinned(
            Duration keepFor, int keepAtLeast, Duration grace, int hours, int days, int weeks, int months, int years) {
        return new Kept(keepFor, keepAtLeast, hours, days, weeks, months, years, grace);
    }

    private record Kept(
            Duration keepFor,
            int keepAtLeast,
            int keepHourly,
            int keepDaily,
            int keepWeekly,
            int keepMonthly,
            int keepYearly,
            Duration grace)
            implements LitestowConfig.Retention {}

    /** Changes where the replica is. */
    public static ConfiguredDatabase with(ConfiguredDatabase old, ReplicaUrl replica, S3Settings s3) {
        return new ConfiguredDatabase(old.name(), old.database(), replica, s3, old.settings());
    }

    /**
     * Changes one setting of a database to whatever no rule would let through.
     *
     * @param accessors how the setting is read, for example {@code snapshot.timeout}
     */
    public static ConfiguredDatabase with(ConfiguredDatabase old, String accessors, Object value) {
        return new ConfiguredDatabase(
                old.name(), old.database(), old.replica(), old.s3(), changed(old.settings(), accessors, value));
    }

    private static <T> T changed(T old, String accessors, Object value) {
        int dot = accessors.indexOf('.');
        String first = dot < 0 ? accessors : accessors.substring(0, dot);
        Class<?> group = Arrays.stream(old.getClass().getInterfaces())
                .filter(type -> Arrays.stream(type.getMethods())
                        .anyMatch(method -> method.getName().equals(first)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no setting " + accessors));
        @SuppressWarnings("unchecked")
        T proxy = (T) Proxy.newProxyInstance(
                group.getClassLoader(), new Class<?>[] {group}, (self, method, arguments) -> {
                    Object before = method.invoke(old, arguments);
                    if (!method.getName().equals(first)) {
                        return before;
                    }
                    return dot < 0 ? value : changed(before, accessors.substring(dot + 1), value);
                });
        return proxy;
    }
}
