package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A setting and where it was set, for rules that look at more than its text.
 *
 * @param origin name and place, for a person: {@code DB_SQLITE in .env}
 * @param accepted what is accepted, for a person
 */
record ConfiguredValue(String origin, String accepted) {
    private static final int SHOWN = 80;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}]");

    /** Returns the setting as it is in effect, a default included. */
    static ConfiguredValue of(SmallRyeConfig config, String key, Rules.Rule<?> rule) {
        return given(config, key, rule.accepted()).orElseGet(() -> {
            String topLevel =
                    SettingNames.entry(key).map(SettingNames.Entry::inherited).orElse(key);
            return new ConfiguredValue(SettingNames.environmentName(topLevel) + " (the default)", rule.accepted());
        });
    }

    /** Returns the setting; empty when it is not set. */
    static Optional<ConfiguredValue> given(SmallRyeConfig config, String key, String accepted) {
        ConfigValue value = config.getConfigValue(key);
        boolean given = value.getValue() != null && !value.isDefault();
        return given ? Optional.of(new ConfiguredValue(Origins.of(value), accepted)) : Optional.empty();
    }

    /** Returns a mistake in one line: where, what is wrong, what is accepted. */
    Failure refuse(String problem) {
        return refuse(problem, null);
    }

    Failure refuse(String problem, Throwable cause) {
        return new Failure(
                FailureKind.SETTINGS,
                origin + ": " + problem + "; accepted: " + accepted,
                "Correct " + origin + ".",
                cause);
    }

    /** Returns any text in quotes, on one line, and not too long. */
    static String quoted(String text) {
        String line = UNPRINTABLE.matcher(text).replaceAll("?");
        return '"' + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line) + '"';
    }
}
