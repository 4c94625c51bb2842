package io.github.litestow.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How keys are spelled in the environment: upper case, every other sign an underscore. */
final class EnvironmentNames {
    static final String PREFIX = "LITESTOW_";
    /** Names that only the project's own tests read. */
    private static final String TEST_PREFIX = "LITESTOW_TEST_";

    private static final String DATABASES_PREFIX = "LITESTOW_DATABASES_";
    // Longest first, so that no suffix can be mistaken for the end of a longer one.
    private static final List<String> ENTRY_SUFFIXES = Arrays.stream(Setting.values())
            .filter(Setting::perDatabase)
            .map(setting -> "_" + of(setting.entrySuffix()))
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();

    private EnvironmentNames() {}

    static String of(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns whether the name is one of Litestow's own but not one it knows. */
    static boolean unknown(String name) {
        if (!name.startsWith(PREFIX) || name.startsWith(TEST_PREFIX)) {
            return false;
        }
        return Arrays.stream(Setting.values())
                        .noneMatch(setting -> of(setting.key()).equals(name))
                && databaseName(name).isEmpty();
    }

    /**
     * Returns the database an environment name speaks of: {@code my-orders} for {@code
     * LITESTOW_DATABASES_MY_ORDERS_FOLDER}. The environment cannot tell a dash from an underscore;
     * the dash is taken.
     */
    static Optional<String> databaseName(String name) {
        if (!name.startsWith(DATABASES_PREFIX)) {
            return Optional.empty();
        }
        String rest = name.substring(DATABASES_PREFIX.length());
        return ENTRY_SUFFIXES.stream()
                .filter(suffix -> rest.endsWith(suffix) && rest.length() > suffix.length())
                .findFirst()
                .map(suffix -> rest.substring(0, rest.length() - suffix.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'));
    }
}
