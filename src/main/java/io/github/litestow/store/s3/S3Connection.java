package io.github.litestow.store.s3;

import io.github.litestow.config.S3Settings;
import io.github.litestow.config.Secret;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.store.s3.ProxyRules.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The way to S3 that the settings describe. The client is made when it is first needed and kept:
 * services with {@code file://} replicas never load the SDK. Safe for concurrent use.
 *
 * <p>The client believes what the engine believes ({@link S3Scheme}): configured keys and nothing
 * else of AWS, or without them the default credential chain; the same certificate authorities; and the same
 * proxies.
 */
public final class S3Connection {
    /** Trouble must be named within 10 s; these leave time for a second attempt. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    /** Three attempts wait 3 s at most, so that a throttled call ends as throttled, not as late. */
    private static final int MAX_ATTEMPTS = 3;

    private final S3Settings settings;
    private final Map<String, String> environment;
    private Optional<S3Client> client = Optional.empty();

    /**
     * Creates it.
     *
     * @param settings keys, endpoint and region
     * @param environment of this process
     */
    public S3Connection(S3Settings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * Returns the client.
     *
     * @throws Failure {@code SETTINGS} when the environment contradicts the settings or names a file
     *     of certificates that cannot be read
     */
    synchronized S3Client client() throws Failure {
        if (client.isEmpty()) {
            client = Optional.of(make());
        }
        return client.get();
    }

    /** Returns the endpoint and the proxy on the way to it, for messages. */
    String endpoint() {
        return settings.endpoint().orElse("AWS")
                + proxy().map(proxy -> " through the proxy " + proxy + ", which NO_PROXY does not except")
                        .orElse("");
    }

    /** Returns what no message may hold. */
    Set<String> secrets() {
        Stream<String> configured = Stream.of(
                        settings.accessKeyId(), settings.secretAccessKey(), settings.sessionToken())
                .flatMap(Optional::stream)
                .map(Secret::reveal);
        Stream<String> chain = Stream.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isBlank());
        Stream<String> proxy = proxy().flatMap(Proxy::userInfo).stream();
        return Stream.of(configured, chain, proxy).flatMap(Function.identity()).collect(Collectors.toUnmodifiableSet());
    }

    private S3Client make() throws Failure {
        refuseOtherEndpoint();
        boolean tls = !endpointUrl().getScheme().equalsIgnoreCase("http");
        Optional<TrustManager[]> trust = CertificateAuthorities.of(environment, tls);
        refuseOtherProxies();
        Optional<Region> region = region();
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(new ProxyingHttpClient(ProxyRules.of(environment), way -> http(way, trust)))
                .region(region.orElse(Region.US_EAST_1))
                // As the engine does: without a region, AWS is asked where the bucket is.
                .crossRegionAccessEnabled(
                        region.isEmpty() && settings.endpoint().isEmpty())
                .forcePathStyle(settings.forcePathStyle())
                .disableS3ExpressSessionAuth(true)
                // Stores other than AWS stumble over the SDK's newer checksums and over aws-chunked bodies.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false));
        settings.endpoint().map(URI::create).ifPresent(builder::endpointOverride);
        Optional<AwsCredentials> keys = keys();
        if (keys.isPresent()) {
            builder.credentialsProvider(StaticCredentialsProvider.create(keys.get()));
        } else {
            builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
        }
        builder.overrideConfiguration(override -> {
            override.addExecutionInterceptor(new WithoutExpect())
                    .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                    .apiCallTimeout(CALL_TIMEOUT)
                    .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(MAX_ATTEMPTS)
                            .build());
            if (keys.isPresent()) {
                // A profile that happens to be on the machine has no say beside configured keys.
                override.defaultProfileFile(ProfileFile.aggregator().build());
            }
        });
        return builder.build();
    }

    private static SdkHttpClient http(Optional<Proxy> way, Optional<TrustManager[]> trust) {
        ProxyConfiguration.Builder proxy =
                ProxyConfiguration.builder().useSystemPropertyValues(false).useEnvironmentVariablesValues(false);
        way.ifPresent(on -> {
            proxy.endpoint(URI.create(on.scheme() + "://" + on.host() + ":" + on.port()));
            on.userInfo().ifPresent(user -> {
                String[] parts = user.split(":", 2);
                proxy.username(decoded(parts[0])).password(parts.length == 1 ? "" : decoded(parts[1]));
            });
        });
        UrlConnectionHttpClient.Builder http = UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ATTEMPT_TIMEOUT)
                .proxyConfiguration(proxy.build());
        if (trust.isPresent()) {
            http.tlsTrustManagersProvider(trust::get);
        }
        return http.build();
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The engine can speak to a proxy in more ways than Java's client can. */
    private void refuseOtherProxies() throws Failure {
        Optional<Proxy> proxy = proxy().filter(way -> !way.usable());
        if (proxy.isPresent()) {
            throw new Failure(
                    FailureKind.SETTINGS,
                    proxy.get().variable() + " names a proxy that Litestow's own client cannot use: " + proxy.get(),
                    "Name one of the form http://host:port, or except the host of the endpoint in NO_PROXY.");
        }
    }

    private Optional<Proxy> proxy() {
        return ProxyRules.of(environment).to(endpointUrl());
    }

    private URI endpointUrl() {
        return URI.create(settings.endpoint().orElse("https://s3.amazonaws.com"));
    }

    private Optional<AwsCredentials> keys() {
        if (settings.accessKeyId().isEmpty() || settings.secretAccessKey().isEmpty()) {
            return Optional.empty();
        }
        String id = settings.accessKeyId().get().reveal();
        String secret = settings.secretAccessKey().get().reveal();
        return Optional.of(
                settings.sessionToken().isPresent()
                        ? AwsSessionCredentials.create(
                                id, secret, settings.sessionToken().get().reveal())
                        : AwsBasicCredentials.create(id, secret));
    }

    /** The configured region, or with the default credential chain also that of the chain. */
    private Optional<Region> region() {
        Stream<String> names = settings.region().stream();
        if (keys().isEmpty()) {
            names = Stream.of(
                            names,
                            Stream.of("AWS_REGION", "AWS_DEFAULT_REGION")
                                    .map(name -> environment.getOrDefault(name, "")),
                            profileRegion().stream())
                    .flatMap(same -> same);
        }
        return names.filter(name -> !name.isBlank()).findFirst().map(Region::of);
    }

    private Optional<String> profileRegion() {
        String profile = environment.getOrDefault("AWS_PROFILE", "");
        return ProfileFileSupplier.defaultSupplier()
                .get()
                .profile(profile.isBlank() ? "default" : profile)
                .flatMap(found -> found.property(ProfileProperty.REGION));
    }

    /** The SDK would obey it, the engine does not: one would list what the other did not write. */
    private void refuseOtherEndpoint() throws Failure {
        if (settings.endpoint().isPresent()) {
            return;
        }
        for (String name : new String[] {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}) {
            if (!environment.getOrDefault(name, "").isBlank()) {
                throw new Failure(
                        FailureKind.SETTINGS,
                        name + " is set in the environment, and LITESTOW_S3_ENDPOINT is not",
                        "Set LITESTOW_S3_ENDPOINT to the endpoint of the replica; for AWS itself unset " + name + ".");
            }
        }
    }

    /**
     * Sends bodies at once. They are small, and the JVM's HTTP client waits for "100 Continue" in ways
     * that not every server likes (s3proxy 4.1.0 hangs up now and then).
     */
    private static final class WithoutExpect implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().toBuilder().removeHeader("Expect").build();
        }
    }
}
