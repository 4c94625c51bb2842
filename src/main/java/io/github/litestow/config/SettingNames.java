package io.github.litestow.config;

import io.github.litestow.LitestowConfig;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What settings are called: as keys, in the entry of a named database, in the environment, and in pylts. A
 * <em>name</em> is a key without its prefix, for example {@code snapshot.timeout}.
 */
final class SettingNames {
    static final String PREFIX = "litestow.";
    static final String DATABASES = "litestow.databases.";
    static final String VARIABLES = "LITESTOW_";
    /** What only the project's own tests read. */
    static final Set<String> OF_TESTS = Set.of("litestow.test.", "LITESTOW_TEST_");

    /** What commands around runs are told, and whatever they start inherits. */
    static final Set<String> OF_HOOKS =
            Set.of("LITESTOW_OPERATION", "LITESTOW_OUTCOME", "LITESTOW_TXID", "LITESTOW_KIND");

    /** pylts' names, by key. */
    static final Map<String, String> PYLTS = Map.of(
            "litestow.replica-url", "REPLICA_URL",
            "litestow.database", "DB_SQLITE",
            "litestow.access-key-id", "LITESTREAM_ACCESS_KEY_ID",
            "litestow.access-key-id-file", "LITESTREAM_ACCESS_KEY_ID_FILE",
            "litestow.secret-access-key", "LITESTREAM_SECRET_ACCESS_KEY",
            "litestow.secret-access-key-file", "LITESTREAM_SECRET_ACCESS_KEY_FILE");

    /** The S3 keys are one setting: they are never taken from different levels. */
    static final Set<String> CREDENTIALS = Set.of(
            "access-key-id",
            "access-key-id-file",
            "secret-access-key",
            "secret-access-key-file",
            "session-token",
            "session-token-file");

    /** A database with an address of its own takes it from nowhere else. */
    private static final Set<String> HEARTBEAT = Set.of("heartbeat.url", "heartbeat.url-file");

    private static final Set<String> SECRETS =
            Set.of("access-key-id", "secret-access-key", "session-token", "api.token", "notify.urls", "heartbeat.url");

    private SettingNames() {}

    /** A setting in the entry of a named database. */
    record Entry(String database, String name) {
        /** Returns what the setting is called at the top level, from which it is inherited. */
        String inherited() {
            return topLevel(name);
        }
    }

    static Optional<Entry> entry(String key) {
        if (!key.startsWith(DATABASES)) {
            return Optional.empty();
        }
        int dot = key.indexOf('.', DATABASES.length());
        return dot > DATABASES.length() && dot + 1 < key.length()
                ? Optional.of(new Entry(key.substring(DATABASES.length(), dot), key.substring(dot + 1)))
                : Optional.empty();
    }

    static String topLevel(String name) {
        return PREFIX + (name.equals("path") ? "database" : name);
    }

    /** Returns the settings that are taken from one level together with this one; often none. */
    static Set<String> together(String name) {
        return CREDENTIALS.contains(name) ? CREDENTIALS : HEARTBEAT.contains(name) ? HEARTBEAT : Set.of();
    }

    static boolean secret(String name) {
        return SECRETS.contains(name);
    }

    /** Returns how a key is spelled in the environment: upper case, every other character an underscore. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns the variable to show to a person: pylts' name when there is one. */
    static String environmentName(String key) {
        return PYLTS.getOrDefault(key, variable(key));
    }

    /**
     * Returns the database that a variable is about: {@code my-orders} for {@code
     * LITESTOW_DATABASES_MY_ORDERS_FOLDER}. The environment cannot tell a dash from an underscore; the dash
     * is taken. SmallRye, which has never heard of the name, would take a dot.
     */
    static Optional<String> databaseOf(String variable) {
        String prefix = variable(DATABASES);
        if (!variable.startsWith(prefix)) {
            return Optional.empty();
        }
        String rest = variable.substring(prefix.length());
        return Mapped.DATABASE.keySet().stream()
                .map(name -> "_" + variable(name))
                .filter(suffix -> rest.endsWith(suffix) && rest.length() > suffix.length())
                // The longest, so that no suffix is mistaken for the end of a longer one.
                .max(Comparator.comparingInt(String::length))
                .map(suffix -> rest.substring(0, rest.length() - suffix.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'));
    }

    /** The names and defaults of the mapping, null where there is no default. Loaded when first asked for. */
    static final class Mapped {
        static final NavigableMap<String, String> SERVICE = names(LitestowConfig.class);
        static final NavigableMap<String, String> DATABASE = names(LitestowConfig.Database.class);

        private Mapped() {}

        private static NavigableMap<String, String> names(Class<?> mapping) {
            return Collections.unmodifiableNavigableMap(new TreeMap<>(new ConfigClass(mapping, "").getProperties()));
        }

        static String defaultOf(String key) {
            String name = entry(key).map(Entry::name).orElseGet(() -> key.substring(PREFIX.length()));
            return SERVICE.getOrDefault(name, DATABASE.get(name.equals("database") ? "path" : name));
        }
    }
}
