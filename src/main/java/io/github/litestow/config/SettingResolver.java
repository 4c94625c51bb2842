package io.github.litestow.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.DefaultValuesConfigSource;
import io.smallrye.config.Expressions;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Set;

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
                .orElseGet(() ->
                        atTopLevel(context, key, SettingNames.secret(key.substring(SettingNames.PREFIX.length()))));
        return found != null ? found : byDefault(key);
    }

    private static ConfigValue inEntry(ConfigSourceInterceptorContext context, String key, SettingNames.Entry entry) {
        boolean secret = SettingNames.secret(entry.name());
        ConfigValue own = given(context, key, secret);
        if (own != null || hasAnyOf(context, entry.database(), SettingNames.together(entry.name()))) {
            return own;
        }
        return atTopLevel(context, entry.inherited(), secret);
    }

    private static boolean hasAnyOf(ConfigSourceInterceptorContext context, String database, Set<String> names) {
        return names.stream()
                .map(name -> SettingNames.DATABASES + database + "." + name)
                .anyMatch(key -> given(context, key, true) != null);
    }

    private static ConfigValue atTopLevel(ConfigSourceInterceptorContext context, String key, boolean secret) {
        ConfigValue own = given(context, key, secret);
        String alias = SettingNames.PYLTS.get(key);
        ConfigValue pylts = alias == null ? null : given(context, alias, secret);
        if (own == null || pylts == null) {
            return own == null ? pylts : own;
        }
        return pylts.getConfigSourceOrdinal() > own.getConfigSourceOrdinal() ? pylts : own;
    }

    /** Returns the value under a name; null when none is set. */
    private static ConfigValue given(ConfigSourceInterceptorContext context, String name, boolean secret) {
        ConfigValue value = secret ? Expressions.withoutExpansion(() -> context.proceed(name)) : context.proceed(name);
        if (value == null || value.isDefault()) {
            return null;
        }
        String text = value.getValue() == null ? "" : value.getValue();
        if (secret ? text.isEmpty() : text.isBlank()) {
            // A reference to nothing has no value, but is a mistake rather than unset.
            return value.hasProblems() ? value : null;
        }
        return secret ? value : value.withValue(text.strip());
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
