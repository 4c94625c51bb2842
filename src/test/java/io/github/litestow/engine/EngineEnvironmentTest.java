package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ConfiguredDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineEnvironmentTest {
    private static final Path FOLDER = Path.of("/data");
    private static final Map<String, String> SOURCE = Map.ofEntries(
            Map.entry("PATH", "/bin"),
            Map.entry("HOME", "/home/me"),
            Map.entry("LANG", "C"),
            Map.entry("LD_PRELOAD", "/evil.so"),
            Map.entry("LOG_LEVEL", "ERROR"),
            Map.entry("LITESTREAM_CONFIG", "/etc/other.yml"),
            Map.entry("LITESTREAM_ACCESS_KEY_ID", "other"),
            Map.entry("LITESTREAM_AZURE_ACCOUNT_KEY", "azure-key"),
            Map.entry("AWS_ACCESS_KEY_ID", "stray-id"),
            Map.entry("AWS_SECRET_ACCESS_KEY", "stray-secret"),
            Map.entry("AWS_SESSION_TOKEN", "stray-token"),
            Map.entry("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/creds"),
            Map.entry("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
            Map.entry("AWS_ENDPOINT_URL", "http://elsewhere"),
            Map.entry("AWS_CA_BUNDLE", "/ca.pem"),
            Map.entry("SSL_CERT_FILE", "/ca.pem"),
            Map.entry("HTTPS_PROXY", "http://proxy:3128"),
            Map.entry("LITESTOW_API_TOKEN", "0123456789abcdef"));

    @Test
    void a_file_replica_gets_no_credentials_at_all() {
        ConfiguredDatabase settings = Given.fileReplica(FOLDER, Path.of("/backup"));
        assertThat(environment(settings, SOURCE).variables())
                .containsOnlyKeys("PATH", "HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR");
    }

    @Test
    void an_engine_that_speaks_no_tls_reads_no_authorities() {
        ConfiguredDatabase folder = Given.fileReplica(FOLDER, Path.of("/backup"));
        ConfiguredDatabase plain = Given.s3Replica(FOLDER, Optional.of("http://127.0.0.1:9000"), true);
        assertThat(environment(folder, SOURCE).variables()).containsEntry("SSL_CERT_DIR", "/dev/null");
        assertThat(environment(plain, Map.of()).variables()).containsEntry("SSL_CERT_FILE", "/dev/null");
    }

    @Test
    void an_engine_that_may_speak_tls_reads_the_authorities_it_is_given() {
        ConfiguredDatabase plain = Given.s3Replica(FOLDER, Optional.of("http://127.0.0.1:9000"), true);
        ConfiguredDatabase withoutKeys = Given.s3Replica(FOLDER, Optional.of("http://127.0.0.1:9000"), false);
        Map<String, String> proxied = Map.of("http_proxy", "https://proxy", "SSL_CERT_FILE", "/ca.pem");
        assertThat(environment(plain, proxied).variables()).containsEntry("SSL_CERT_FILE", "/ca.pem");
        assertThat(environment(withoutKeys, SOURCE).variables()).containsEntry("SSL_CERT_FILE", "/ca.pem");
    }

    @Test
    void configured_keys_go_alone() {
        EngineEnvironment environment = environment(Given.s3Replica(FOLDER, Optional.empty(), true), SOURCE);
        assertThat(environment.variables())
                .containsOnlyKeys(
                        "PATH",
                        "HOME",
                        "LANG",
                        "SSL_CERT_FILE",
                        "HTTPS_PROXY",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        "AWS_EC2_METADATA_DISABLED")
                .containsEntry("AWS_ACCESS_KEY_ID", Given.KEY_ID)
                .containsEntry("AWS_SECRET_ACCESS_KEY", Given.SECRET)
                .containsEntry("AWS_EC2_METADATA_DISABLED", "true");
        assertThat(environment.secrets()).containsExactlyInAnyOrder(Given.KEY_ID, Given.SECRET);
    }

    @Test
    void a_bundle_of_authorities_goes_by_the_name_that_the_engine_can_take() {
        Map<String, String> source = Map.of("AWS_CA_BUNDLE", "/ca.pem");
        assertThat(environment(Given.s3Replica(FOLDER, Optional.empty(), true), source)
                        .variables())
                .containsEntry("SSL_CERT_FILE", "/ca.pem")
                .doesNotContainKey("AWS_CA_BUNDLE");
    }

    @Test
    void without_keys_the_default_chain_gets_what_it_reads_but_never_what_breaks_the_engine() {
        EngineEnvironment environment = environment(Given.s3Replica(FOLDER, Optional.empty(), false), SOURCE);
        assertThat(environment.variables())
                .containsOnlyKeys(
                        "PATH",
                        "HOME",
                        "LANG",
                        "SSL_CERT_FILE",
                        "HTTPS_PROXY",
                        "AWS_ACCESS_KEY_ID",
                        "AWS_SECRET_ACCESS_KEY",
                        "AWS_SESSION_TOKEN",
                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                        "AWS_WEB_IDENTITY_TOKEN_FILE");
        assertThat(environment.secrets()).containsExactlyInAnyOrder("stray-id", "stray-secret", "stray-token");
    }

    @Test
    void other_schemes_get_what_they_read_and_nothing_of_aws() {
        assertThat(environment(Given.otherReplica(FOLDER), SOURCE).variables())
                .containsKeys("LITESTREAM_AZURE_ACCOUNT_KEY", "LITESTREAM_ACCESS_KEY_ID")
                .doesNotContainKeys("LITESTREAM_CONFIG", "AWS_ACCESS_KEY_ID", "LITESTOW_API_TOKEN");
    }

    @Test
    void a_variable_that_would_redirect_or_betray_the_engine_is_never_handed_on() {
        Map<String, String> source = Map.of("LITESTREAM_CONFIG", "/etc/other.yml", "LITESTREAM_S3_DEBUG", "true");
        assertThat(environment(Given.otherReplica(FOLDER), source).variables()).isEmpty();
    }

    @Test
    void prints_names_only() {
        EngineEnvironment environment = environment(Given.s3Replica(FOLDER, Optional.empty(), true), SOURCE);
        assertThat(environment.toString()).contains("AWS_ACCESS_KEY_ID").doesNotContain(Given.KEY_ID, "cret'");
    }

    private static EngineEnvironment environment(ConfiguredDatabase settings, Map<String, String> source) {
        return EngineEnvironment.of(Given.TARGETS.of(settings), settings, source);
    }
}
