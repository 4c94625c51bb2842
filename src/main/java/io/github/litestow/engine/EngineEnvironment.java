package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The environment of an engine process: a clean one, made of what is allowed by name. The engine obeys
 * many variables that a host may have for other programs.
 *
 * @param variables name to value, the whole environment
 * @param secrets the values among them that must not be seen
 */
record EngineEnvironment(Map<String, String> variables, Set<String> secrets) {
    private static final Set<String> ALWAYS = Set.of("PATH", "HOME", "TMPDIR", "LANG");
    /** The first would name another configuration, the second logs signed headers. */
    private static final Set<String> NEVER = Set.of("LITESTREAM_CONFIG", "LITESTREAM_S3_DEBUG");

    private static final Pattern SECRET_NAME = Pattern.compile("KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE");

    EngineEnvironment {
        variables = Map.copyOf(variables);
        secrets = Set.copyOf(secrets);
    }

    /** Returns the environment of a process that needs no replica. */
    static EngineEnvironment bare(Map<String, String> source) {
        return of(EngineTarget.select(source, ALWAYS::contains));
    }

    /**
     * Returns the environment of a process that works on this database's replica.
     *
     * @param source the environment of this process
     */
    static EngineEnvironment of(EngineTarget target, ConfiguredDatabase database, Map<String, String> source) {
        Map<String, String> variables = new HashMap<>(EngineTarget.select(source, ALWAYS::contains));
        variables.putAll(target.environment(database, source));
        variables.keySet().removeAll(NEVER);
        return of(variables);
    }

    private static EngineEnvironment of(Map<String, String> variables) {
        Set<String> secrets = variables.entrySet().stream()
                .filter(entry -> SECRET_NAME.matcher(entry.getKey()).find()
                        && !entry.getKey().endsWith("_FILE")
                        && !entry.getValue().isBlank())
                .map(Map.Entry::getValue)
                .collect(Collectors.toUnmodifiableSet());
        return new EngineEnvironment(variables, secrets);
    }

    @Override
    public String toString() {
        return "EngineEnvironment" + variables.keySet();
    }
}
