package io.github.litestow.engine;

import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.settings.S3Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The environment of an engine process: a clean one, made of what is allowed by name. In litestream
 * 0.5.17 {@code AWS_*} beats everything, a stray {@code AWS_SESSION_TOKEN} spoils static keys, and
 * {@code AWS_CA_BUNDLE} breaks every S3 call; {@code SSL_CERT_FILE} does what people want from it,
 * so the file that the first one names is handed on as the second.
 *
 * @param variables name to value, the whole environment
 * @param secrets the values among them that must not be seen
 */
record EngineEnvironment(Map<String, String> variables, Set<String> secrets) {
    private static final Set<String> ALWAYS = Set.of("PATH", "HOME", "TMPDIR", "LANG");
    private static final Set<String> NETWORK = Set.of(
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");
    private static final Set<String> AWS_CHAIN = Set.of(
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_PROFILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_CONFIG_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ROLE_ARN",
            "AWS_ROLE_SESSION_NAME",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_ENDPOINT_URL_STS",
            "AWS_REGION",
            "AWS_DEFAULT_REGION");
    private static final List<String> AWS_CHAIN_FAMILIES = List.of("AWS_CONTAINER_CREDENTIALS_");
    private static final List<String> OTHER_SCHEMES =
            List.of("AZURE_", "LITESTREAM_", "GOOGLE_APPLICATION_CREDENTIALS");
    /** The first would name another configuration, the second logs signed headers. */
    private static final Set<String> NEVER = Set.of("LITESTREAM_CONFIG", "LITESTREAM_S3_DEBUG");

    private static final Pattern SECRET_NAME = Pattern.compile("KEY|SECRET|TOKEN|PASSWORD|PASSPHRASE");

    EngineEnvironment {
        variables = Map.copyOf(variables);
        secrets = Set.copyOf(secrets);
    }

    /** Returns the environment of a process that needs no replica. */
    static EngineEnvironment bare(Map<String, String> source) {
        return of(allowed(source, ALWAYS::contains));
    }

    /**
     * Returns the environment of a process that works on this database's replica: no credentials
     * for {@code file://}; for {@code s3://} the configured keys and nothing else of AWS, or without
     * them what the default credential chain reads; for other schemes what they read.
     *
     * @param source the environment of this process
     */
    static EngineEnvironment of(DatabaseSettings database, Map<String, String> source) {
        return switch (database.replica().scheme()) {
            case "file" -> bare(source);
            case "s3" -> s3(database.s3(), source);
            default ->
                of(allowed(
                        source,
                        name -> ALWAYS.contains(name) || NETWORK.contains(name) || startsWithAny(name, OTHER_SCHEMES)));
        };
    }

    private static EngineEnvironment s3(S3Settings s3, Map<String, String> source) {
        Map<String, String> variables = allowed(source, name -> ALWAYS.contains(name) || NETWORK.contains(name));
        if (s3.accessKeyId().isPresent() && s3.secretAccessKey().isPresent()) {
            variables.put("AWS_ACCESS_KEY_ID", s3.accessKeyId().get().reveal());
            variables.put("AWS_SECRET_ACCESS_KEY", s3.secretAccessKey().get().reveal());
            s3.sessionToken().ifPresent(token -> variables.put("AWS_SESSION_TOKEN", token.reveal()));
            // With keys in hand nobody needs the metadata service, which hangs where there is none.
            variables.put("AWS_EC2_METADATA_DISABLED", "true");
        } else {
            variables.putAll(
                    allowed(source, name -> AWS_CHAIN.contains(name) || startsWithAny(name, AWS_CHAIN_FAMILIES)));
        }
        String authorities = source.getOrDefault("AWS_CA_BUNDLE", "");
        if (!authorities.isBlank()) {
            variables.putIfAbsent("SSL_CERT_FILE", authorities);
        }
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

    private static Map<String, String> allowed(Map<String, String> source, Predicate<String> name) {
        Map<String, String> allowed = new LinkedHashMap<>();
        source.forEach((key, value) -> {
            if (name.test(key) && !NEVER.contains(key)) {
                allowed.put(key, value);
            }
        });
        return allowed;
    }

    private static boolean startsWithAny(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    @Override
    public String toString() {
        return "EngineEnvironment" + variables.keySet();
    }
}
