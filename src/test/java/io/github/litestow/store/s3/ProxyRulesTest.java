package io.github.litestow.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected ways are what golang.org/x/net/http/httpproxy 0.62.0 answered. */
class ProxyRulesTest {
    private static final URI STORE = URI.create("http://store.example:9000");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            nullValues = "never",
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock = """
                http://minio.store.svc.cluster.local:7070  | .svc.cluster.local                   | direct
                http://minio.store.svc.cluster.local:7070  | *.svc.cluster.local                  | direct
                http://minio.store.svc.cluster.local:7070  | svc.cluster.local                    | direct
                http://minio.store.svc.cluster.local:7070  | .cluster.local:7070                  | direct
                http://minio.store.svc.cluster.local:7070  | .cluster.local:9000                  | proxy
                http://minio.store.svc.cluster.local:7070  | vc.cluster.local                     | proxy
                http://minio.store.svc.cluster.local:7070  | minio                                | proxy
                http://minio.store.svc.cluster.local:7070  | MINIO.store.SVC.cluster.local        | direct
                http://minio.store.svc.cluster.local:7070  |  10.0.0.0/8 , .svc.cluster.local     | direct
                http://minio.store.svc.cluster.local:7070  | *                                    | direct
                http://minio.store.svc.cluster.local:7070  | x,*                                  | direct
                http://minio.store.svc.cluster.local:7070  | minio.*                              | proxy
                http://minio.store.svc.cluster.local:7070  | *cluster.local                       | proxy
                http://minio.store.svc.cluster.local:7070  |                                      | proxy
                http://Example.com                         | .example.com                         | proxy
                http://Example.com                         | example.com                          | direct
                http://Example.com                         | example.com:80                       | direct
                https://Example.com                        | example.com:80                       | proxy
                https://Example.com                        | example.com:443                      | direct
                http://Example.com                         | example.com.                         | proxy
                http://10.9.9.9:7070                       | 10.0.0.0/8                           | direct
                http://10.9.9.9:7070                       | 10.9.9.9                             | direct
                http://10.9.9.9:7070                       | 10.9.9.9:7070                        | direct
                http://10.9.9.9:7070                       | 10.9.9.9:80                          | proxy
                http://10.9.9.9:7070                       | 10.9.9.8/31                          | direct
                http://10.9.9.9:7070                       | 10.9.9.10/31                         | proxy
                http://10.9.9.9:7070                       | 10.9.9.9/33                          | proxy
                http://10.9.9.9:7070                       | 10.9/16                              | proxy
                http://10.9.9.9:7070                       | 9.9                                  | proxy
                http://10.9.9.9:7070                       | ::ffff:10.9.9.9                      | direct
                http://[2001:db8::7]:9000                  | 2001:db8::/32                        | direct
                http://[2001:db8::7]:9000                  | 2001:db8::7                          | direct
                http://[2001:db8::7]:9000                  | [2001:db8::7]:9000                   | direct
                http://[2001:db8::7]:9000                  | [2001:db8::7]                        | proxy
                http://[2001:db8::7]:9000                  | 0.0.0.0/0                            | proxy
                http://localhost:9000                      |                                      | direct
                http://LOCALHOST:9000                      |                                      | proxy
                http://127.9.9.9:9000                      |                                      | direct
                http://[::1]:9000                          |                                      | direct
                http://0.0.0.0:9000                        |                                      | proxy
                http://xn--bcher-kva.example               | bücher.example                       | direct
                """)
    void our_client_goes_the_way_of_the_engine(URI url, String excepted, String way) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HTTP_PROXY", "http://proxy:3128");
        environment.put("HTTPS_PROXY", "http://proxy:3128");
        environment.put("NO_PROXY", excepted == null ? "" : excepted);

        assertThat(ProxyRules.of(environment).to(url))
                .as(way)
                .matches(proxy -> proxy.isPresent() == way.equals("proxy"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy:3128, http://proxy:3128, true",
        "proxy:3128, http://proxy:3128, true",
        "10.1.1.1, http://10.1.1.1:80, true",
        "HTTP://user:hush@Proxy:1/, http://Proxy:1, true",
        "http://[::1]:3128, http://[::1]:3128, true",
        "https://proxy, https://proxy:443, false",
        "socks5://proxy, socks5://proxy:1080, false",
        "http://my_proxy:3128, http://my_proxy:3128, false",
    })
    void a_proxy_is_read_as_the_engine_reads_it_and_shown_without_its_user(String text, String shown, boolean usable) {
        ProxyRules.Proxy proxy =
                ProxyRules.of(Map.of("HTTP_PROXY", text)).to(STORE).orElseThrow();

        assertThat(proxy).hasToString(shown + " of HTTP_PROXY");
        assertThat(proxy.usable()).isEqualTo(usable);
    }

    @Test
    void each_protocol_has_a_proxy_of_its_own_and_upper_case_wins() {
        ProxyRules rules = ProxyRules.of(Map.of(
                "http_proxy",
                "http://small",
                "HTTP_PROXY",
                "http://large",
                "https_proxy",
                "http://secure",
                "HTTPS_PROXY",
                "",
                "no_proxy",
                "excepted.example",
                "ALL_PROXY",
                "http://all"));

        assertThat(rules.to(STORE).orElseThrow()).hasToString("http://large:80 of HTTP_PROXY");
        assertThat(rules.to(URI.create("https://store.example")).orElseThrow())
                .hasToString("http://secure:80 of https_proxy");
        assertThat(rules.to(URI.create("https://excepted.example"))).isEmpty();
    }

    @Test
    void requests_go_through_the_proxy_and_its_errors_name_it() throws IOException {
        FaultProxy.Fault denied = FaultProxy.error(403, "AccessDenied", "no");
        try (FaultProxy proxy = new FaultProxy(STORE, request -> Optional.of(denied)).start()) {
            String address = proxy.endpoint().getAuthority();
            Failure failure = probe(Map.of("HTTP_PROXY", "http://user:hush@" + address, "NO_PROXY", ".example.org"));

            assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
            assertThat(failure)
                    .hasMessageContaining("through the proxy http://" + address + " of HTTP_PROXY")
                    .hasMessageNotContaining("hush");
            assertThat(proxy.seen())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.target()).startsWith(STORE.toString()));
        }
    }

    @Test
    void an_unreachable_store_names_the_proxy_that_does_not_answer() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        Failure failure = probe(Map.of("http_proxy", "127.0.0.1:" + free));

        assertThat(failure.kind()).isEqualTo(FailureKind.REPLICA_UNREACHABLE);
        assertThat(failure).hasMessageContaining("http://127.0.0.1:" + free + " of http_proxy");
    }

    @Test
    void an_excepted_store_is_asked_directly_and_no_proxy_is_named() {
        Failure failure = probe(Map.of("HTTP_PROXY", "http://127.0.0.1:9", "NO_PROXY", ".example"));

        assertThat(failure.kind()).isEqualTo(FailureKind.REPLICA_UNREACHABLE);
        assertThat(failure).hasMessageNotContaining("proxy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://proxy:1080", "https://proxy:3128"})
    void a_proxy_that_only_the_engine_can_use_is_a_mistake(String proxy) {
        Failure failure = probe(Map.of("HTTP_PROXY", proxy));

        assertThat(failure.kind()).isEqualTo(FailureKind.SETTINGS);
        assertThat(failure).hasMessageContaining("HTTP_PROXY names a proxy").hasMessageContaining(proxy);
    }

    private static Failure probe(Map<String, String> environment) {
        S3Store store = new S3Store(
                new ReplicaUrl("s3://bucket/path", "s3"), new S3Connection(S3Server.settings(STORE), environment));
        return catchThrowableOfType(Failure.class, store::probe);
    }
}
