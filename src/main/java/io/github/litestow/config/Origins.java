package io.github.litestow.config;

import io.smallrye.config.ConfigValue;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a person's words where a value came from. */
final class Origins {
    private static final Pattern WITH_LOCATION = Pattern.compile("(\\w*)\\[source=(.*)]");
    private static final String ENVIRONMENT = "the environment";

    private Origins() {}

    /** Returns name and place of a value: {@code DB_SQLITE in .env}. */
    static String of(ConfigValue value) {
        String place = place(value.getConfigSourceName());
        boolean variable = place.equals(ENVIRONMENT) || place.endsWith(".env");
        return (variable ? SettingNames.variable(value.getName()) : value.getName()) + " in " + place;
    }

    /** Returns the place that a configuration source reads. */
    static String place(String source) {
        if (source == null) {
            return "the configuration";
        }
        Matcher location = WITH_LOCATION.matcher(source);
        if (location.matches()) {
            return file(location.group(2));
        }
        return switch (source) {
            case "EnvConfigSource" -> ENVIRONMENT;
            case "SysPropConfigSource", "SysPropertiesConfigSource" -> "the system properties";
            default -> source;
        };
    }

    private static String file(String location) {
        if (!location.startsWith("file:")) {
            String name = location.substring(location.lastIndexOf('/') + 1);
            return "the " + name + " built into the application";
        }
        Path file = Path.of(URI.create(location));
        Path workingFolder = Path.of("").toAbsolutePath();
        return (file.startsWith(workingFolder) ? workingFolder.relativize(file) : file).toString();
    }
}
