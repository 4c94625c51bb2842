package io.github.litestow.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.DefaultValuesConfigSource;
import io.smallrye.config.Expressions;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;

/**
 * Finds the value of a setting: in the entry of a named database, else at the top level, else the default.
 * At the top level pylts' name is as good as Litestow's: of the two, the one from the stronger source wins,
 * in one source Litestow's. Blank counts as unset, and {@code ${…}} means itself in a secret. A value keeps
 * the name it was found under, which is how a message can say where it was set.
 *
 * <p>SmallRye's {@code FallbackConfigSourceInterceptor} does not fit: a top-level variable would beat the
 * entry in {@code application.yaml} that is there to override it, the name would be lost, and a blank value
 * would hide the default.
 *
 * <p>Stateless, and safe for concurrent use.
 */
// Outside the expansion of ${…}, which has LIBRARY + 300: only from there can it be switched off.
@Priority(Priorities.APPLICATION)
public final class SettingResolver implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1L;

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String key) {
        if (!key.startsWith(SettingNames.PREFIX)) {
            return context.proceed(key);
        }
        ConfigValue found = SettingNames.entry(key)
                .map(entry -> inEntry(context, key, entry))
                .orElseGet(() -> atTopLevel(context, key));
        return found != null ? found : byDefault(key);
    }

    private static ConfigValue inEntry(ConfigSourceInterceptorContext context, String key, SettingNames.Entry entry) {
        ConfigValue own = given(context, key);
        if (own != null || (SettingNames.credential(entry.name()) && hasOwnKeys(context, entry.database()))) {
            return own;
        }
        return atTopLevel(context, entry.inherited());
    }

    private static boolean hasOwnKeys(ConfigSourceInterceptorContext context, String database) {
        String entry = SettingNames.DATABASES + database + ".";
        return SettingNames.Mapped.DATABASE.keySet().stream()
                .anyMatch(name -> SettingNames.credential(name) && given(context, entry + name) != null);
    }

    private static ConfigValue atTopLevel(ConfigSourceInterceptorContext context, String key) {
        ConfigValue own = given(context, key);
        ConfigValue pylts =
                SettingNames.PYLTS.containsKey(key) ? given(context, key, SettingNames.PYLTS.get(key)) : null;
        if (own == null || pylts == null) {
            return own == null ? pylts : own;
        }
        return pylts.getConfigSourceOrdinal() > own.getConfigSourceOrdinal() ? pylts : own;
    }

    private static ConfigValue given(ConfigSourceInterceptorContext context, String key) {
        return given(context, key, key);
    }

    /** Returns the value under a name that stands for the key; null when none is set. */
    private static ConfigValue given(ConfigSourceInterceptorContext context, String key, String name) {
        String plain = SettingNames.entry(key)
                .map(SettingNames.Entry::name)
                .orElseGet(() -> key.substring(SettingNames.PREFIX.length()));
        boolean secret = SettingNames.secret(plain);
        ConfigValue value = secret ? Expressions.withoutExpansion(() -> context.proceed(name)) : context.proceed(name);
        if (value == null || value.isDefault()) {
            return null;
        }
        boolean blank = value.getValue() == null
                || (secret ? value.getValue().isEmpty() : value.getValue().isBlank());
        if (blank) {
            // A reference to nothing has no value, but is a mistake rather than unset.
            return value.hasProblems() ? value : null;
        }
        return secret ? value : value.withValue(value.getValue().strip());
    }

    private static ConfigValue byDefault(String key) {
        String text = SettingNames.Mapped.defaultOf(key);
        return text == null
                ? null
                : ConfigValue.builder()
                        .withName(key)
                        .withValue(text)
                        .withRawValue(text)
                        .withConfigSourceName(DefaultValuesConfigSource.NAME)
                        .withConfigSourceOrdinal(DefaultValuesConfigSource.ORDINAL)
                        .build();
    }
}
