package io.github.litestow.settings;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Expressions;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Lets pylts' names ({@code REPLICA_URL}, {@code DB_SQLITE}, …) stand for Litestow's keys. Of the
 * two, the one from the stronger source wins, so that {@code REPLICA_URL} in the environment beats
 * {@code litestow.replica-url} in {@code application.yaml}, and the other way round; in one source
 * Litestow's own key wins. The value keeps the name it was found under, which is how a message can
 * tell where it was set.
 *
 * <p>Also keeps {@code ${…}} in secrets from being expanded: a secret may hold any sign.
 *
 * <p>Stateless, and safe for concurrent use.
 */
// Outside the expansion of ${…}, which has LIBRARY + 300: only from there can it be switched off.
@Priority(Priorities.APPLICATION)
public final class PyltsNames implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1L;

    private static final Map<String, String> ALIASES = aliases();
    private static final Pattern SECRET = Pattern.compile(
            "litestow\\.(api\\.token|(databases\\.[^.]+\\.)?(access-key-id|secret-access-key|session-token))"
                    + "|LITESTREAM_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (SECRET.matcher(name).matches()) {
            return Expressions.withoutExpansion(() -> stronger(context, name));
        }
        return stronger(context, name);
    }

    /** Leaves out the names of the project's own tests, which the mapping would take for mistakes. */
    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        List<String> names = new ArrayList<>();
        context.iterateNames().forEachRemaining(names::add);
        names.removeIf(name -> name.startsWith(Setting.TEST_PREFIX));
        return names.iterator();
    }

    private static ConfigValue stronger(ConfigSourceInterceptorContext context, String name) {
        ConfigValue own = context.proceed(name);
        String alias = ALIASES.get(name);
        if (alias == null) {
            return own;
        }
        ConfigValue pylts = context.proceed(alias);
        if (own == null || pylts == null) {
            return own == null ? pylts : own;
        }
        return pylts.getConfigSourceOrdinal() > own.getConfigSourceOrdinal() ? pylts : own;
    }

    private static Map<String, String> aliases() {
        Map<String, String> aliases = new HashMap<>();
        Arrays.stream(Setting.values())
                .forEach(setting -> setting.alias().ifPresent(alias -> aliases.put(setting.key(), alias)));
        return Map.copyOf(aliases);
    }
}
