package io.github.litestow.settings;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is set, to what, and where; fit for a log, because secrets are covered. */
public final class EffectiveSettings {
    private static final String COVERED = "***";

    private EffectiveSettings() {}

    /**
     * One line of the answer.
     *
     * @param value the value as it was written; {@code ***} for a secret, empty when unset
     * @param source name and place where it was set, {@code default}, or {@code unset}
     */
    public record Effective(String value, String source) {}

    /**
     * Returns every top-level setting in the order of the manual, then what the entries of {@code
     * litestow.databases} override, by key. Nothing is validated, so this works for a configuration
     * that {@link SettingsReader} refuses.
     */
    public static Map<String, Effective> of(SmallRyeConfig config) {
        Map<String, Effective> effective = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            effective.put(setting.key(), given(config, setting, setting.key()).orElseGet(() -> byDefault(setting)));
        }
        for (String database : new KnownNames(config).unchecked()) {
            for (Setting setting : Setting.values()) {
                if (setting.perDatabase()) {
                    String key = setting.keyFor(database);
                    given(config, setting, key).ifPresent(value -> effective.put(key, value));
                }
            }
        }
        return effective;
    }

    private static Optional<Effective> given(SmallRyeConfig config, Setting setting, String key) {
        ConfigValue value = config.getConfigValue(key);
        String text = setting.secret() ? value.getRawValue() : value.getValue();
        return text == null || text.isEmpty()
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
        String text = setting.defaultText();
        return new Effective(text, text.isEmpty() ? "unset" : "default");
    }
}
