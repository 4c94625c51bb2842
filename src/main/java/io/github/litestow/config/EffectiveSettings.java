package io.github.litestow.config;

import io.github.litestow.config.SettingNames.Mapped;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is in effect, and where it was set; fit for a log, because secrets are covered. Immutable, apart from
 * the configuration it looks at, which {@link ConfigReader} has accepted.
 */
public final class EffectiveSettings {
    private static final String COVERED = "***";

    /** What holds while a setting without default is not set. */
    private static final Map<String, String> UNSET = Map.ofEntries(
            Map.entry("litestow.replica-url", "required"),
            Map.entry("litestow.access-key-id", "unset: the AWS default credential chain"),
            Map.entry("litestow.secret-access-key", "unset: the AWS default credential chain"),
            Map.entry("litestow.s3.endpoint", "AWS"),
            Map.entry("litestow.s3.region", "unset: the credential chain or the endpoint decides"),
            Map.entry("litestow.s3.force-path-style", "true with an endpoint, otherwise false"),
            Map.entry("litestow.litestream.binary", "the one on PATH, then the build's copy"),
            Map.entry("litestow.restore.on-start", "true; in a group of which databases are offloaded, false"),
            Map.entry("litestow.verify.offloaded-every", "P7D; off in a group"),
            Map.entry("litestow.health.max-age", "three times the longest gap between fire times"),
            Map.entry("litestow.api.token", "unset: actions over HTTP are off"),
            Map.entry("litestow.shard", "unset: every database"),
            Map.entry("litestow.concurrency", "the number of processors"));

    private final SmallRyeConfig config;

    /** Looks at a configuration. */
    public EffectiveSettings(SmallRyeConfig config) {
        this.config = config;
    }

    /**
     * One setting.
     *
     * @param value the value as it was written; {@code ***} for a secret, empty when there is none
     * @param source name and place where it was set, or {@code default}, if need be with what that means
     */
    @RegisterForReflection
    public record Effective(String value, String source) {}

    /** Returns whether a variable of the environment holds a secret of Litestow, of whatever database. */
    public static boolean secretVariable(String variable) {
        return Stream.concat(Mapped.SERVICE.keySet().stream(), Mapped.DATABASE.keySet().stream())
                .filter(SettingNames::secret)
                .anyMatch(name -> variable.equals(SettingNames.environmentName(SettingNames.topLevel(name)))
                        || variable.equals(SettingNames.variable(SettingNames.topLevel(name)))
                        || (variable.startsWith(SettingNames.variable(SettingNames.DATABASES))
                                && variable.endsWith("_" + SettingNames.variable(name))));
    }

    /** Returns the names of the configured databases, in order. */
    public NavigableSet<String> databases() {
        return ConfigReader.databases(config, new KnownNames(config));
    }

    /** Returns what holds for the service as a whole, by key and in its order. */
    public NavigableMap<String, Effective> ofService() {
        NavigableMap<String, Effective> effective = new TreeMap<>();
        for (String name : Mapped.SERVICE.keySet()) {
            effective.put(SettingNames.PREFIX + name, effective(name, SettingNames.PREFIX + name));
        }
        return effective;
    }

    /** Returns what holds for one database, by the key of the top level and in its order. */
    public NavigableMap<String, Effective> of(String database) {
        NavigableMap<String, Effective> effective = new TreeMap<>();
        for (String name : Mapped.DATABASE.keySet()) {
            effective.put(SettingNames.topLevel(name), effective(name, SettingNames.DATABASES + database + "." + name));
        }
        return effective;
    }

    /** Returns, for a person, what holds while nothing is set for a key. */
    static String whenUnset(String key) {
        String text = Mapped.defaultOf(key);
        return text != null ? text : UNSET.getOrDefault(key, "unset");
    }

    private Effective effective(String name, String key) {
        ConfigValue value = config.getConfigValue(key);
        if (value.getValue() == null || value.isDefault()) {
            String topLevel = SettingNames.topLevel(name);
            String text = Mapped.defaultOf(topLevel);
            return text == null ? new Effective("", "default: " + whenUnset(topLevel)) : new Effective(text, "default");
        }
        return new Effective(shown(name, value.getValue()), Origins.of(value));
    }

    private static String shown(String name, String text) {
        if (SettingNames.secret(name)) {
            return COVERED;
        }
        boolean url = name.equals("replica-url") || name.equals("s3.endpoint");
        return url ? UrlRules.redacted(text) : text;
    }
}
