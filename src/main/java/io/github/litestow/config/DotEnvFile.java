package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.EnvConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSourceProvider;

/**
 * Reads Litestow's names in {@code .env} of the working folder the way pylts did. Quarkus reads that
 * file, too, but as Java properties: it keeps quotes, eats backslashes and knows no {@code export},
 * so that a key that worked with pylts would be refused by the store. This source is one step above
 * that of Quarkus and below the environment; other people's names are left to Quarkus.
 */
public final class DotEnvFile implements ConfigSourceProvider {
    /** Quarkus' own has 295, the environment 300. */
    private static final int ABOVE_QUARKUS = 296;

    private final Path file;

    /** Reads {@code .env} of the working folder. */
    public DotEnvFile() {
        this(Path.of(System.getProperty("user.dir"), ".env"));
    }

    DotEnvFile(Path file) {
        this.file = file;
    }

    /**
     * Reads the file.
     *
     * @throws InvalidSettings when it is there but cannot be read
     */
    @Override
    public Iterable<ConfigSource> getConfigSources(ClassLoader classLoader) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            Map<String, String> ours = new HashMap<>(DotEnvSyntax.parse(Files.readString(file)));
            ours.keySet().removeIf(name -> !ours(name));
            return List.of(new Source(ours, file));
        } catch (IOException unreadable) {
            throw new InvalidSettings(List.of(new Failure(
                    FailureKind.SETTINGS,
                    ".env cannot be read; accepted: a readable file in UTF-8",
                    "Correct " + file + ".",
                    unreadable)));
        }
    }

    /**
     * Returns every value in a file of this form, of whatever name; none where there is no such file or
     * it cannot be read. For what asks before settings are read.
     */
    public static Map<String, String> values(Path file) {
        try {
            return Files.isRegularFile(file) ? DotEnvSyntax.parse(Files.readString(file)) : Map.of();
        } catch (IOException unreadable) {
            return Map.of();
        }
    }

    private static boolean ours(String name) {
        return name.startsWith(SettingNames.VARIABLES)
                || name.startsWith(SettingNames.PREFIX)
                || SettingNames.PYLTS.containsValue(name);
    }

    /** Named like Quarkus' own, so that SmallRye does not take its names for mistakes. */
    private static final class Source extends EnvConfigSource {
        private static final long serialVersionUID = 1L;

        private final String name;

        Source(Map<String, String> values, Path file) {
            super(values, ABOVE_QUARKUS);
            name = NAME + "[source=" + file.toUri() + "]";
        }

        @Override
        public String getName() {
            return name;
        }
    }
}
