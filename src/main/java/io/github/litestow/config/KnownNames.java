package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import io.github.litestow.config.SettingNames.Mapped;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
 * Which names below {@code litestow.} are set, which of them nobody knows, and which databases they are
 * about. Every source is asked by itself: SmallRye's own list guesses dotted names from the environment,
 * wrongly when it has never heard of them.
 */
final class KnownNames {
    private static final Pattern PROFILED = Pattern.compile("%([^.]+)\\.(.*)");
    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    /** Name to place, keys and variables alike. */
    private final NavigableMap<String, String> names = new TreeMap<>();

    KnownNames(SmallRyeConfig config) {
        for (ConfigSource source : config.getConfigSources()) {
            // The names of an environment source include guesses; its properties are what was there.
            Stream<String> found = source instanceof EnvConfigSource
                    ? source.getProperties().keySet().stream()
                    : source.getPropertyNames().stream();
            found.flatMap(name -> active(name, config.getProfiles()).stream())
                    .filter(KnownNames::ours)
                    .forEach(name -> names.putIfAbsent(name, Origins.place(source.getName())));
        }
    }

    /** Returns the names of the databases that have an entry, without those that can name none. */
    NavigableSet<String> databases() {
        NavigableSet<String> databases = new TreeSet<>();
        for (String name : names.keySet()) {
            entryOf(name)
                    .filter(database -> DATABASE_NAME.matcher(database).matches())
                    .ifPresent(databases::add);
        }
        // An entry that a file spells my_orders is found again in MY_ORDERS.
        for (String name : names.keySet()) {
            SettingNames.databaseOf(name)
                    .filter(database -> databases.stream()
                            .noneMatch(known -> SettingNames.variable(known).equals(SettingNames.variable(database))))
                    .ifPresent(databases::add);
        }
        return databases;
    }

    /** Returns a mistake for each name that nobody knows, and for each database that has no proper name. */
    List<Failure> mistakes() {
        return names.entrySet().stream()
                .flatMap(name -> mistake(name.getKey(), name.getValue()).stream())
                .toList();
    }

    private static Optional<Failure> mistake(String name, String place) {
        if (!DecodedText.whole(name)) {
            return Optional.of(DecodedText.cut(quoted(name) + " in " + place));
        }
        Optional<String> database =
                entryOf(name).filter(entry -> !DATABASE_NAME.matcher(entry).matches());
        if (database.isPresent()) {
            return Optional.of(new Failure(
                    FailureKind.SETTINGS,
                    quoted(name) + " in " + place + ": " + quoted(database.get())
                            + " cannot name a database; accepted: up to 63 letters, digits, dashes and underscores",
                    "Rename the database."));
        }
        List<String> known = known(name);
        if (known.contains(name) || SettingNames.databaseOf(name).isPresent()) {
            return Optional.empty();
        }
        Optional<Failure> never = neverOurs(name, place);
        if (never.isPresent()) {
            return never;
        }
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(candidate, name)))
                .orElseThrow();
        return Optional.of(new Failure(
                FailureKind.SETTINGS,
                quoted(name) + " in " + place + " is not a setting; accepted: the known names, of which the nearest is "
                        + nearest,
                "Write " + nearest + ", or remove the line."));
    }

    /** What people look for and litestream cannot do is better told than likened to something else. */
    private static Optional<Failure> neverOurs(String name, String place) {
        return name.toLowerCase(Locale.ROOT).contains("bandwidth")
                ? Optional.of(new Failure(
                        FailureKind.SETTINGS,
                        quoted(name) + " in " + place + " is not a setting: litestream, which moves the data, cannot be"
                                + " told to go slower; accepted: a cap by the platform, for both: `tc` on a host,"
                                + " kubernetes.io/egress-bandwidth for a pod",
                        "Remove the line, and see docs/storage.md, \"bandwidth\"."))
                : Optional.empty();
    }

    /** Returns what could have been meant, in the spelling of the name. */
    private static List<String> known(String name) {
        Optional<String> database = entryOf(name);
        if (database.isPresent()) {
            String prefix = SettingNames.DATABASES + database.get() + ".";
            return Mapped.DATABASE.keySet().stream().map(prefix::concat).toList();
        }
        return Stream.concat(
                        Mapped.SERVICE.keySet().stream().map(SettingNames.PREFIX::concat),
                        Mapped.DATABASE.keySet().stream().map(SettingNames::topLevel))
                .map(key -> name.startsWith(SettingNames.VARIABLES) ? SettingNames.variable(key) : key)
                .toList();
    }

    private static Optional<String> entryOf(String name) {
        return SettingNames.entry(name).map(SettingNames.Entry::database);
    }

    private static boolean ours(String name) {
        return (name.matches("litestow([.\\[].*)?") || name.startsWith(SettingNames.VARIABLES))
                && !SettingNames.OF_HOOKS.contains(name)
                && SettingNames.OF_TESTS.stream().noneMatch(name::startsWith);
    }

    /** Returns the name without its profile; empty when that profile is not active. */
    private static Optional<String> active(String name, List<String> profiles) {
        Matcher profiled = PROFILED.matcher(name);
        if (!profiled.matches()) {
            return Optional.of(name);
        }
        boolean active = Arrays.stream(profiled.group(1).split(",", -1)).anyMatch(profiles::contains);
        return active ? Optional.of(profiled.group(2)) : Optional.empty();
    }

    /** Returns how many characters have to be inserted, deleted or replaced (Levenshtein). */
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
