package io.github.litestow.store.s3;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.engine.EngineTarget;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StorageScheme;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code s3://}: a bucket. The engine gets the configured keys and nothing else of AWS, or without
 * them what the default credential chain reads, as our own client does ({@link S3Connection}).
 *
 * <p>In litestream 0.5.17 {@code AWS_*} beats everything, a stray {@code AWS_SESSION_TOKEN} spoils
 * static keys, and {@code AWS_CA_BUNDLE} breaks every call; {@code SSL_CERT_FILE} does what people
 * want from it, so the file that the first one names is handed on as the second.
 */
public final class S3Scheme implements StorageScheme {
    private static final Set<String> CREDENTIAL_CHAIN = Set.of(
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
    private static final String CONTAINER_CREDENTIALS = "AWS_CONTAINER_CREDENTIALS_";

    @Override
    public String name() {
        return "s3";
    }

    /** One way to S3 for all that have the same keys and endpoint, however many databases these are. */
    private final Map<S3Settings, S3Connection> connections = new ConcurrentHashMap<>();

    @Override
    public ReplicaStore store(ConfiguredDatabase database, Litestream litestream) {
        return new S3Store(
                database.replica(), connection(database.s3()), database.s3().storing());
    }

    @Override
    public List<String> below(ReplicaUrl root, S3Settings s3) throws Failure {
        return S3Store.below(root, connection(s3));
    }

    private S3Connection connection(S3Settings s3) {
        return connections.computeIfAbsent(s3, settings -> new S3Connection(settings, System.getenv()));
    }

    /** Not as a URL, in which the engine decodes {@code %20} and the like: these are the keys themselves. */
    @Override
    public Map<String, Object> configuration(ConfiguredDatabase database) {
        S3Settings s3 = database.s3();
        Map<String, Object> replica = new HashMap<>();
        replica.put("type", "s3");
        replica.put("bucket", database.replica().bucket().orElseThrow());
        replica.put("path", database.replica().prefix());
        s3.endpoint().ifPresent(endpoint -> replica.put("endpoint", endpoint));
        s3.region().ifPresent(region -> replica.put("region", region));
        replica.put("force-path-style", s3.forcePathStyle());
        s3.storing().kmsKeyId().ifPresent(key -> replica.put("sse-kms-key-id", key));
        s3.storing().storageClass().ifPresent(name -> replica.put("storage-class", name));
        return replica;
    }

    @Override
    public Map<String, String> environment(ConfiguredDatabase database, Map<String, String> source) {
        S3Settings s3 = database.s3();
        Map<String, String> variables = new HashMap<>(EngineTarget.select(source, NETWORK::contains));
        if (s3.accessKeyId().isPresent() && s3.secretAccessKey().isPresent()) {
            variables.put("AWS_ACCESS_KEY_ID", s3.accessKeyId().get().reveal());
            variables.put("AWS_SECRET_ACCESS_KEY", s3.secretAccessKey().get().reveal());
            s3.sessionToken().ifPresent(token -> variables.put("AWS_SESSION_TOKEN", token.reveal()));
            // With keys in hand nobody needs the metadata service, which hangs where there is none.
            variables.put("AWS_EC2_METADATA_DISABLED", "true");
        } else {
            variables.putAll(EngineTarget.select(
                    source, name -> CREDENTIAL_CHAIN.contains(name) || name.startsWith(CONTAINER_CREDENTIALS)));
        }
        if (speaksNoTls(s3, variables.keySet())) {
            variables.putAll(EngineTarget.NO_AUTHORITIES);
            return variables;
        }
        String authorities = source.getOrDefault("AWS_CA_BUNDLE", "");
        if (!authorities.isBlank()
                && variables.getOrDefault("SSL_CERT_FILE", "").isBlank()) {
            variables.put("SSL_CERT_FILE", authorities);
        }
        return variables;
    }

    /** With the keys in hand nobody is asked but the endpoint; a proxy before it may want TLS. */
    private static boolean speaksNoTls(S3Settings s3, Set<String> variables) {
        boolean plain = s3.endpoint()
                .filter(endpoint -> endpoint.toLowerCase(Locale.ROOT).startsWith("http://"))
                .isPresent();
        return plain
                && variables.stream().noneMatch(name -> name.equalsIgnoreCase("HTTP_PROXY"))
                && s3.accessKeyId().isPresent()
                && s3.secretAccessKey().isPresent();
    }
}
