package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Which names below {@code litestow.} are set, which of them nobody knows, and which databases they
 * speak of. Every source is asked by itself: SmallRye's own list guesses dotted names from the
 * environment, wrongly when it has never heard of them.
 */
final class KnownNames {
    private static final Pattern ENTRY = Pattern.compile("litestow\\.databases\\.([^.]+)\\.(.+)");
    private static final Pattern PROFILED = Pattern.compile("%([^.]+)\\.(.*)");
    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private final SmallRyeConfig config;
    /** Name to place, dotted and environment names alike. */
    private final NavigableMap<String, String> names = new TreeMap<>();

    KnownNames(SmallRyeConfig config) {
        this.config = config;
        for (ConfigSource source : config.getConfigSources()) {
            // The names of an environment source include guesses; its properties are what was there.
            Stream<String> found = source instanceof EnvConfigSource
                    ? source.getProperties().keySet().stream()
                    : source.getPropertyNames().stream();
            found.map(this::active)
                    .flatMap(Optional::stream)
                    .filter(KnownNames::ours)
                    .forEach(name -> names.putIfAbsent(name, Origins.place(source.getName())));
        }
    }

    /** Returns the names of the databases that have an entry, or refuses the first that is no name. */
    NavigableSet<String> databases() throws Failure {
        for (var name : names.entrySet()) {
            Matcher entry = ENTRY.matcher(name.getKey());
            if (entry.matches()) {
                refuseName(entry.group(1), name.getKey(), name.getValue());
            }
        }
        return unchecked();
    }

    /** Returns the names of the databases that have an entry, as they stand there. */
    NavigableSet<String> unchecked() {
        NavigableSet<String> databases = new TreeSet<>();
        for (String name : names.keySet()) {
            Matcher entry = ENTRY.matcher(name);
            if (entry.matches()) {
                databases.add(entry.group(1));
            }
        }
        // An entry that a file spells my_orders is found again in MY_ORDERS.
        for (String name : names.keySet()) {
            EnvironmentNames.databaseName(name)
                    .filter(database -> databases.stream()
                            .noneMatch(known -> EnvironmentNames.of(known).equals(EnvironmentNames.of(database))))
                    .ifPresent(databases::add);
        }
        return databases;
    }

    /** Refuses the first unknown name, with the nearest known one. */
    void refuseUnknown() throws Failure {
        Optional<String> unknown =
                names.keySet().stream().filter(KnownNames::unknown).findFirst();
        if (unknown.isPresent()) {
            throw unknown(unknown.get(), names.get(unknown.get()));
        }
    }

    /** Returns the failure that an unknown name at a place makes. */
    static Failure unknown(String name, String place) {
        String nearest = nearest(name);
        return new Failure(
                FailureKind.SETTINGS,
                Given.quoted(name) + " in " + place
                        + " is not a setting; accepted: the known names, of which the nearest is " + nearest,
                "write " + nearest + ", or remove the line");
    }

    private static void refuseName(String database, String name, String place) throws Failure {
        if (!DATABASE_NAME.matcher(database).matches()) {
            throw new Failure(
                    FailureKind.SETTINGS,
                    Given.quoted(name) + " in " + place + ": " + Given.quoted(database)
                            + " cannot name a database; accepted: up to 63 letters, digits, dashes and underscores",
                    "rename the database");
        }
    }

    private static boolean ours(String name) {
        if (name.startsWith(EnvironmentNames.PREFIX)) {
            return true;
        }
        boolean below = name.equals("litestow") || name.startsWith(Setting.PREFIX) || name.startsWith("litestow[");
        return below && !name.startsWith(Setting.TEST_PREFIX);
    }

    private static boolean unknown(String name) {
        if (name.startsWith(EnvironmentNames.PREFIX)) {
            return EnvironmentNames.unknown(name);
        }
        Matcher entry = ENTRY.matcher(name);
        return entry.matches()
                ? perDatabase().noneMatch(setting -> setting.entrySuffix().equals(entry.group(2)))
                : Arrays.stream(Setting.values())
                        .noneMatch(setting -> setting.key().equals(name));
    }

    /** Returns the name without its profile; empty when that profile is not active. */
    private Optional<String> active(String name) {
        Matcher profiled = PROFILED.matcher(name);
        if (!profiled.matches()) {
            return Optional.of(name);
        }
        boolean active = Arrays.stream(profiled.group(1).split(",", -1)).anyMatch(config.getProfiles()::contains);
        return active ? Optional.of(profiled.group(2)) : Optional.empty();
    }

    private static String nearest(String name) {
        boolean variable = name.startsWith(EnvironmentNames.PREFIX);
        Matcher entry = ENTRY.matcher(name);
        Stream<String> keys = entry.matches()
                ? perDatabase().map(setting -> setting.keyFor(entry.group(1)))
                : Arrays.stream(Setting.values()).map(Setting::key);
        return keys.map(key -> variable ? EnvironmentNames.of(key) : key)
                .min(Comparator.comparingInt(key -> distance(key, name)))
                .orElseThrow();
    }

    private static Stream<Setting> perDatabase() {
        return Arrays.stream(Setting.values()).filter(Setting::perDatabase);
    }

    /** Returns how many signs have to be inserted, deleted or replaced (Levenshtein). */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int[] current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
