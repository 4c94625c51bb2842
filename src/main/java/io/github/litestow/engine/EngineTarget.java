package io.github.litestow.engine;

import io.github.litestow.config.ConfiguredDatabase;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the engine is told of replicas of one URL scheme: where they are, in its configuration, and how
 * to get there, in its environment. Immutable.
 */
public interface EngineTarget {
    /** The variables that a scheme needs whose replicas are reached over the network. */
    Set<String> NETWORK = Set.of(
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");

    /**
     * The variables of an engine that speaks no TLS. It reads every certificate of the host as it starts, which
     * is a third of what a small upload takes.
     */
    Map<String, String> NO_AUTHORITIES = Map.of("SSL_CERT_FILE", "/dev/null", "SSL_CERT_DIR", "/dev/null");

    /**
     * Returns the {@code replica} section of the engine's configuration, texts and booleans by name. It
     * holds no secret.
     */
    Map<String, Object> configuration(ConfiguredDatabase database);

    /**
     * Returns the variables of the engine's environment, besides those that every process gets: secrets
     * go here.
     *
     * @param source the environment of this process, of which nothing else is handed on
     */
    Map<String, String> environment(ConfiguredDatabase database, Map<String, String> source);

    /** Returns those variables of an environment whose names are wanted. */
    static Map<String, String> select(Map<String, String> source, Predicate<String> wanted) {
        return source.entrySet().stream()
                .filter(variable -> wanted.test(variable.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
