package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.Optional;

/**
 * Finds values on one or more levels, the strongest first: the entry of a named database, then the
 * top level. Empty counts as unset everywhere, as in MicroProfile Config.
 */
final class Lookup {
    /** Names an entry of {@code litestow.databases}; empty for the top level. */
    private record Level(Optional<String> entry) {
        Optional<String> key(Setting setting) {
            if (entry.isEmpty()) {
                return Optional.of(setting.key());
            }
            return setting.perDatabase() ? entry.map(setting::keyFor) : Optional.empty();
        }
    }

    private final SmallRyeConfig config;
    private final List<Level> levels;

    private Lookup(SmallRyeConfig config, List<Level> levels) {
        this.config = config;
        this.levels = levels;
    }

    /** Looks at the top level only. */
    static Lookup top(SmallRyeConfig config) {
        return new Lookup(config, List.of(new Level(Optional.empty())));
    }

    /** Looks at an entry of {@code litestow.databases}, then at the top level. */
    static Lookup entry(SmallRyeConfig config, String database) {
        return new Lookup(config, List.of(new Level(Optional.of(database)), new Level(Optional.empty())));
    }

    /** Returns each level as a lookup of its own, the strongest first. */
    List<Lookup> levels() {
        return levels.stream().map(level -> new Lookup(config, List.of(level))).toList();
    }

    /** Returns the value when one is set on any level. */
    Optional<Given> given(Setting setting) throws Failure {
        for (Level level : levels) {
            Optional<String> key = level.key(setting);
            Optional<Given> found = key.isPresent() ? at(setting, key.get()) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Returns the value, or else the default, which the setting must have. */
    Given orDefault(Setting setting) throws Failure {
        return given(setting)
                .orElseGet(
                        () -> new Given(setting, setting.defaultText(), setting.environmentName() + " (the default)"));
    }

    private Optional<Given> at(Setting setting, String key) throws Failure {
        ConfigValue value = config.getConfigValue(key);
        String origin = Origins.of(setting, key, value);
        // SmallRye hands out no value then, as if nothing were set.
        if (!setting.secret() && value.hasProblems()) {
            throw new Failure(
                    FailureKind.SETTINGS,
                    origin + ": it refers by ${…} to a property that is not set; accepted: " + setting.accepted(),
                    "set that property, or write \\${ for a literal ${");
        }
        // A secret is taken raw: ${…}, $$ and \$ in it mean themselves.
        String text = setting.secret() ? value.getRawValue() : value.getValue();
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        String plain = setting.secret() ? text : text.strip();
        return plain.isEmpty() ? Optional.empty() : Optional.of(new Given(setting, plain, origin));
    }
}
