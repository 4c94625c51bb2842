package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is in effect, and where it was set; fit for a log, because secrets are covered. Immutable,
 * apart from the configuration it looks at.
 */
public final class EffectiveSettings {
    private static final String COVERED = "***";

    private final SmallRyeConfig config;

    /** Looks at a configuration that {@link SettingsReader} accepted. */
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

    /**
     * Returns the names of the configured databases, in order.
     *
     * @throws Failure {@code SETTINGS} when one of them is no name
     */
    public NavigableSet<String> databases() throws Failure {
        return SettingsReader.databases(new KnownNames(config), Lookup.top(config));
    }

    /** Returns what holds for the service as a whole, by key, in the order of the manual. */
    public Map<String, Effective> ofService() {
        return effective(false, List.of());
    }

    /**
     * Returns what holds for one database, by the key of the top level, in the order of the manual:
     * from its entry in {@code litestow.databases}, else from the top level, else by default.
     */
    public Map<String, Effective> of(String database) {
        return effective(true, List.of(database));
    }

    private Map<String, Effective> effective(boolean perDatabase, List<String> entries) {
        boolean ownKeys = entries.stream()
                .anyMatch(entry -> Arrays.stream(Setting.values())
                        .filter(EffectiveSettings::credential)
                        .anyMatch(
                                setting -> given(setting, setting.keyFor(entry)).isPresent()));
        Map<String, Effective> effective = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            if (setting.perDatabase() == perDatabase) {
                Stream<String> own = entries.stream().map(setting::keyFor);
                // The keys are one setting: they are never put together from different levels.
                Stream<String> keys =
                        credential(setting) && ownKeys ? own : Stream.concat(own, Stream.of(setting.key()));
                effective.put(
                        setting.key(),
                        keys.flatMap(key -> given(setting, key).stream())
                                .findFirst()
                                .orElseGet(() -> byDefault(setting)));
            }
        }
        return effective;
    }

    private static boolean credential(Setting setting) {
        return switch (setting) {
            case ACCESS_KEY_ID,
                    ACCESS_KEY_ID_FILE,
                    SECRET_ACCESS_KEY,
                    SECRET_ACCESS_KEY_FILE,
                    SESSION_TOKEN,
                    SESSION_TOKEN_FILE -> true;
            default -> false;
        };
    }

    private Optional<Effective> given(Setting setting, String key) {
        ConfigValue value = config.getConfigValue(key);
        String text = setting.secret() ? value.getRawValue() : value.getValue();
        return text == null || text.isBlank()
                ? Optional.empty()
                : Optional.of(new Effective(shown(setting, text), Origins.of(setting, key, value)));
    }

    private static String shown(Setting setting, String text) {
        if (setting.secret()) {
            return COVERED;
        }
        boolean url = setting == Setting.REPLICA_URL || setting == Setting.S3_ENDPOINT;
        return url ? UrlRules.redacted(text.strip()) : text.strip();
    }

    private static Effective byDefault(Setting setting) {
        String meaning = setting.whenUnset();
        boolean plain = meaning.equals(setting.defaultText());
        return new Effective(setting.defaultText(), plain ? "default" : "default: " + meaning);
    }
}
