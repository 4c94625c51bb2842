package io.github.litestow.store.s3;

import static io.github.litestow.outcome.FailureKind.ACCESS_DENIED;
import static io.github.litestow.outcome.FailureKind.PROOF_FAILED;
import static io.github.litestow.outcome.FailureKind.REPLICA_MISSING;
import static io.github.litestow.outcome.FailureKind.REPLICA_UNREACHABLE;
import static io.github.litestow.outcome.FailureKind.SETTINGS;
import static io.github.litestow.outcome.FailureKind.THROTTLED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.Secret;
import io.github.litestow.lease.ConditionalWriteCheck;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.PrivateAuthority;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every trouble with S3 is named for what it is, and none is taken for an empty replica. */
class S3TroubleTest {
    private static final String HTML = "<html><head><title>Sign in</title></head><body>Hello</body></html>";
    private static final Fault DENIED = FaultProxy.error(403, "AccessDenied", "Access Denied");
    private static final ReplicaUrl REPLICA = new ReplicaUrl("s3://" + S3Server.BUCKET + "/path", "s3");

    private static S3Server server;
    private final List<FaultProxy> proxies = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = S3ProxyServer.start();
        server.put("path/0000/0000000000000001-0000000000000001.ltx", new byte[10]);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void endProxies() throws IOException {
        for (FaultProxy proxy : proxies) {
            proxy.close();
        }
    }

    @Test
    void a_wrong_key_is_refused_access() {
        named(
                "wrong key",
                store(keys(server.endpoint(), "AKIAWRONG", S3Server.SECRET, Optional.empty())),
                ACCESS_DENIED);
    }

    @Test
    void a_wrong_secret_is_refused_access_and_stays_secret() {
        Failure failure = named(
                "wrong secret",
                store(keys(server.endpoint(), S3Server.KEY_ID, "wr0ngs3cret", Optional.empty())),
                ACCESS_DENIED);
        assertThat(failure.getMessage() + failure.hint() + failure.getCause()).doesNotContain("wr0ngs3cret");
    }

    @Test
    void a_server_that_quotes_the_keys_does_not_get_them_into_a_message() throws IOException {
        String told = "key " + S3Server.KEY_ID + " with " + S3Server.SECRET.replace("'", "&apos;");
        Failure failure =
                named("keys quoted", through(FaultProxy.error(403, "InvalidAccessKeyId", told)), ACCESS_DENIED);
        assertThat(failure.getMessage()).contains("***").doesNotContain(S3Server.KEY_ID, S3Server.SECRET);
        assertThat(failure.getCause()).isNull();
    }

    @Test
    void an_expired_token_is_refused_access() throws IOException {
        Fault expired = FaultProxy.error(400, "ExpiredToken", "The provided token has expired.");
        named("expired token", through(expired), ACCESS_DENIED);
    }

    @Test
    void the_session_token_is_sent() throws IOException {
        FaultProxy proxy = proxy(request -> true, DENIED);
        Optional<Secret> token = Optional.of(new Secret("t0ken"));
        S3Store store = store(keys(proxy.endpoint(), S3Server.KEY_ID, S3Server.SECRET, token));
        Failure failure = named("token", store, ACCESS_DENIED);
        assertThat(proxy.seen())
                .allSatisfy(request ->
                        assertThat(request.header("x-amz-security-token")).contains("t0ken"));
        assertThat(failure.getMessage()).doesNotContain("t0ken");
    }

    @Test
    void a_missing_bucket_is_missing() {
        S3Store store = new S3Store(new ReplicaUrl("s3://nosuchbucket/path", "s3"), connection(server.settings()));
        named("missing bucket", store, REPLICA_MISSING);
        assertThat(failure(() -> store.read("litestow/identity.json")).kind()).isEqualTo(REPLICA_MISSING);
        assertThat(failure(() -> store.create("litestow/identity.json", new byte[1]))
                        .kind())
                .isEqualTo(REPLICA_MISSING);
    }

    @Test
    void a_redirect_names_the_right_region() throws IOException {
        Fault moved =
                FaultProxy.error(301, "PermanentRedirect", "Use the endpoint.", "x-amz-bucket-region: eu-central-1");
        Failure failure = named("wrong region, 301", through(moved), REPLICA_UNREACHABLE);
        assertThat(failure.hint()).contains("LITESTOW_S3_REGION=eu-central-1");
    }

    @Test
    void a_signature_for_another_region_names_the_right_one() throws IOException {
        Fault malformed = FaultProxy.error(
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-north-1'");
        Failure failure = named("wrong region, 400", through(malformed), REPLICA_UNREACHABLE);
        assertThat(failure.hint()).contains("LITESTOW_S3_REGION=eu-north-1");
    }

    @Test
    void a_refused_list_is_found_by_the_probe() throws IOException {
        Failure failure = named("list refused", through(Request::lists, DENIED), ACCESS_DENIED);
        assertThat(failure.hint()).contains("s3:ListBucket");
    }

    @Test
    void a_refused_get_is_found_by_the_probe() throws IOException {
        S3Store store = through(Request::reads, DENIED);
        assertThat(timed("get refused", store::probe).kind()).isEqualTo(ACCESS_DENIED);
        assertThat(failure(store::probeReading).hint()).contains("s3:GetObject");
    }

    @Test
    void a_refused_put_is_found_by_the_probe_and_hinders_no_reading() throws Failure, IOException {
        S3Store store = through(request -> request.method().equals("PUT"), DENIED);
        Failure failure = timed("put refused", store::probe);
        assertThat(failure.kind()).isEqualTo(ACCESS_DENIED);
        assertThat(failure.hint()).contains("s3:PutObject");
        store.probeReading();
    }

    @Test
    void a_refused_delete_hinders_nothing() throws Failure, IOException {
        S3Store store = through(request -> request.method().equals("DELETE"), DENIED);
        store.probe();
        assertThat(store.ltxFiles()).hasSize(1);
        ConditionalWriteCheck.passes(store);
        ReplicaFile file = store.ltxFiles().get(0);
        assertThat(timed("delete refused", () -> store.delete(file)).kind()).isEqualTo(ACCESS_DENIED);
    }

    @Test
    void a_refused_connection_is_unreachable() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        named("refused connection", at(URI.create("http://127.0.0.1:" + port)), REPLICA_UNREACHABLE);
    }

    @Test
    void an_unknown_host_is_unreachable() {
        named("unknown host", at(URI.create("http://nosuchhost.invalid:9000")), REPLICA_UNREACHABLE);
    }

    @Test
    void an_endpoint_that_hangs_is_unreachable() throws IOException {
        named("hanging endpoint", through(FaultProxy.hang()), REPLICA_UNREACHABLE);
    }

    @Test
    void a_connection_that_is_cut_is_unreachable() throws IOException {
        named("connection cut", through(FaultProxy.reset()), REPLICA_UNREACHABLE);
    }

    @Test
    void plain_http_where_tls_is_expected_is_unreachable() {
        URI https = URI.create("https://127.0.0.1:" + server.endpoint().getPort());
        named("no TLS there", at(https), REPLICA_UNREACHABLE);
    }

    @Test
    void a_private_authority_is_unreachable_until_its_file_is_named(@TempDir Path folder) throws Exception {
        PrivateAuthority authority = PrivateAuthority.in(folder);
        try (S3Server secure = S3ProxyServer.startWithTls(authority.keyStore(), PrivateAuthority.PASSWORD)) {
            Failure failure = named("unknown authority", at(secure.endpoint()), REPLICA_UNREACHABLE);
            assertThat(failure.hint()).contains("SSL_CERT_FILE");
            for (String variable : List.of("SSL_CERT_FILE", "AWS_CA_BUNDLE")) {
                Map<String, String> environment =
                        Map.of(variable, authority.certificate().toString());
                S3Store store = new S3Store(REPLICA, new S3Connection(secure.settings(), environment));
                store.probe();
                assertThat(store.ltxFiles()).isEmpty();
            }
            // As the engine does: any file of any of the folders, whatever else is in them.
            Path certificates = Files.createDirectory(folder.resolve("certificates"));
            Files.copy(authority.certificate(), certificates.resolve("0a1b2c3d.0"));
            Files.writeString(certificates.resolve("README"), "no certificate");
            Files.writeString(
                    certificates.resolve("broken.pem"),
                    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
            Map<String, String> environment = Map.of("SSL_CERT_DIR", "/nowhere::" + certificates);
            new S3Store(REPLICA, new S3Connection(secure.settings(), environment)).probe();
        }
    }

    @Test
    void a_file_of_authorities_that_is_none_is_a_settings_mistake(@TempDir Path folder) {
        Map<String, String> environment =
                Map.of("SSL_CERT_FILE", folder.resolve("missing.pem").toString());
        S3Store store = new S3Store(REPLICA, new S3Connection(server.settings(), environment));
        named("no such PEM file", store, SETTINGS);
    }

    @Test
    void an_endpoint_of_the_environment_alone_is_a_settings_mistake() {
        S3Settings aws = new S3Settings(
                server.settings().accessKeyId(),
                server.settings().secretAccessKey(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true);
        Map<String, String> environment =
                Map.of("AWS_ENDPOINT_URL", server.endpoint().toString());
        named("AWS_ENDPOINT_URL", new S3Store(REPLICA, new S3Connection(aws, environment)), SETTINGS);
    }

    @Test
    void a_page_of_html_is_no_empty_replica() throws IOException {
        named("HTML with 200", through(FaultProxy.answer(200, "text/html", HTML)), REPLICA_UNREACHABLE);
        String page = "<!DOCTYPE html><html><body><br>not even XML</body></html>";
        named("HTML 5 with 200", through(FaultProxy.answer(200, "text/html", page)), REPLICA_UNREACHABLE);
        S3Store missing = through(FaultProxy.answer(404, "text/html", HTML));
        named("HTML with 404", missing, REPLICA_UNREACHABLE);
        assertThat(failure(() -> missing.read("litestow/identity.json")).kind()).isEqualTo(REPLICA_UNREACHABLE);
        S3Store login = through(FaultProxy.answer(302, "text/html", HTML, "Location: http://127.0.0.1:1/"));
        named("redirect to a page", login, REPLICA_UNREACHABLE);
    }

    @Test
    void nothing_is_no_empty_replica() throws IOException {
        S3Store store = through(FaultProxy.answer(200, "application/xml", ""));
        named("empty 200", store, REPLICA_UNREACHABLE);
        assertThat(failure(() -> store.read("litestow/identity.json")).kind()).isEqualTo(REPLICA_UNREACHABLE);
        assertThat(failure(() -> store.create("litestow/identity.json", new byte[1]))
                        .kind())
                .isEqualTo(REPLICA_UNREACHABLE);
    }

    @Test
    void a_listing_of_another_bucket_is_no_empty_replica() throws IOException {
        String foreign = "<ListBucketResult><Name>other</Name><Prefix></Prefix><KeyCount>0</KeyCount>"
                + "<IsTruncated>false</IsTruncated></ListBucketResult>";
        Fault listing = FaultProxy.answer(200, "application/xml", foreign);
        named("other bucket's list", through(Request::lists, listing), REPLICA_UNREACHABLE);
    }

    @Test
    void a_store_that_keeps_asking_to_slow_down_throttles() throws IOException {
        named("SlowDown", through(FaultProxy.error(503, "SlowDown", "Reduce your rate.")), THROTTLED);
        named("503", through(FaultProxy.answer(503, "text/plain", "busy")), THROTTLED);
        named("429", through(FaultProxy.answer(429, "text/plain", "busy")), THROTTLED);
    }

    @Test
    void the_page_of_a_proxy_whose_store_is_away_is_no_empty_replica() throws IOException {
        Failure restarting = named("503 of a proxy", through(FaultProxy.answer(503, "text/html", HTML)), THROTTLED);
        assertThat(restarting.hint()).contains("proxy in front of it");
        String page = "<!DOCTYPE html><html><body><br>not even XML</body></html>";
        named("HTML 5 with 503", through(FaultProxy.answer(503, "text/html", page)), THROTTLED);
        named("502 of a proxy", through(FaultProxy.answer(502, "text/html", HTML)), REPLICA_UNREACHABLE);
    }

    @Test
    void a_404_that_names_no_bucket_is_no_missing_bucket() throws IOException {
        named("404 SomethingElse", through(FaultProxy.error(404, "SomethingElse", "?")), REPLICA_UNREACHABLE);
    }

    @Test
    void a_clock_that_is_wrong_is_named() throws IOException {
        Fault skewed = FaultProxy.error(403, "RequestTimeTooSkewed", "The difference is too large.");
        assertThat(named("clock", through(skewed), ACCESS_DENIED).hint()).contains("set the clock");
    }

    @Test
    void a_store_that_is_full_is_found_by_the_probe() throws IOException {
        S3Store store =
                through(request -> request.method().equals("PUT"), FaultProxy.error(403, "QuotaExceeded", "No more."));
        Failure failure = timed("quota used up", store::probe);
        assertThat(failure.kind()).isEqualTo(ACCESS_DENIED);
        assertThat(failure.hint()).contains("quota");
    }

    @Test
    void deleting_what_a_store_says_is_not_there_is_well() throws Failure, IOException {
        S3Store store =
                through(request -> request.method().equals("DELETE"), FaultProxy.error(404, "NoSuchKey", "Not there."));
        store.deleteObject("litestow/gone.json");
    }

    @Test
    void a_store_that_slows_down_once_is_asked_again() throws Failure, IOException {
        List<Request> first = new ArrayList<>();
        FaultProxy moody = start(request -> {
            first.add(request);
            return first.size() == 1
                    ? Optional.of(FaultProxy.error(503, "SlowDown", "Reduce your rate."))
                    : Optional.empty();
        });
        assertThat(at(moody.endpoint()).ltxFiles()).hasSize(1);
    }

    @Test
    void a_write_that_is_acknowledged_and_absent_is_found_by_the_probe() throws IOException {
        Fault acknowledged =
                FaultProxy.answer(200, "application/xml", "", "ETag: \"d41d8cd98f00b204e9800998ecf8427e\"");
        S3Store store = through(request -> request.method().equals("PUT"), acknowledged);
        assertThat(timed("put kept by nobody", store::probe).kind()).isEqualTo(PROOF_FAILED);
    }

    @Test
    void a_deletion_that_is_acknowledged_and_not_done_is_found() throws Failure, IOException {
        S3Store store =
                through(request -> request.method().equals("DELETE"), FaultProxy.answer(204, "application/xml", ""));
        ReplicaFile file = store.ltxFiles().get(0);
        assertThat(timed("delete done by nobody", () -> store.delete(file)).kind())
                .isEqualTo(PROOF_FAILED);
    }

    @Test
    void a_creation_whose_answer_was_lost_is_known_to_be_ours() throws Failure, IOException {
        List<Request> writes = new ArrayList<>();
        FaultProxy proxy = start(request -> {
            if (request.method().equals("PUT")) {
                writes.add(request);
                return writes.size() == 1 ? Optional.of(FaultProxy.loseAnswer()) : Optional.empty();
            }
            return Optional.empty();
        });
        assertThat(at(proxy.endpoint()).create("litestow/lost-answer.json", new byte[] {1, 2}))
                .isTrue();
        assertThat(writes).hasSize(2);
    }

    @Test
    void a_store_without_conditional_writes_is_used_and_reported() throws Failure, IOException {
        S3Store store = through(
                request -> request.method().equals("PUT")
                        && (request.header("if-none-match").isPresent()
                                || request.header("if-match").isPresent()),
                FaultProxy.error(501, "NotImplemented", "A header you provided is not implemented."));
        assertThat(store.create("litestow/plain.json", new byte[] {1})).isTrue();
        assertThat(store.create("litestow/plain.json", new byte[] {2})).isFalse();
        String version = store.read("litestow/plain.json").orElseThrow().version();
        assertThat(store.replace("litestow/plain.json", new byte[] {3}, version))
                .isTrue();
        assertThat(store.replace("litestow/plain.json", new byte[] {4}, version))
                .isFalse();
        assertThat(ConditionalWriteCheck.passes(store)).isFalse();
    }

    private S3Store through(Fault fault) throws IOException {
        return through(request -> true, fault);
    }

    private S3Store through(Predicate<Request> which, Fault fault) throws IOException {
        return at(proxy(which, fault).endpoint());
    }

    private FaultProxy proxy(Predicate<Request> which, Fault fault) throws IOException {
        return start(request -> which.test(request) ? Optional.of(fault) : Optional.empty());
    }

    private FaultProxy start(Function<Request, Optional<Fault>> rule) throws IOException {
        FaultProxy proxy = new FaultProxy(server.endpoint(), rule).start();
        proxies.add(proxy);
        return proxy;
    }

    private static S3Store at(URI endpoint) {
        return store(S3Server.settings(endpoint));
    }

    private static S3Store store(S3Settings settings) {
        return new S3Store(REPLICA, connection(settings));
    }

    private static S3Connection connection(S3Settings settings) {
        return new S3Connection(settings, Map.of());
    }

    private static S3Settings keys(URI endpoint, String id, String secret, Optional<Secret> token) {
        return new S3Settings(
                Optional.of(new Secret(id)),
                Optional.of(new Secret(secret)),
                token,
                Optional.of(endpoint.toString()),
                Optional.of(S3Server.REGION),
                true);
    }

    /** Both the probe and the listing fail, of this kind; never is there an empty listing. */
    private static Failure named(String trouble, S3Store store, FailureKind kind) {
        Failure probed = timed(trouble, store::probe);
        assertThat(probed.kind()).as(probed.getMessage()).isEqualTo(kind);
        assertThat(probed.hint()).isNotBlank();
        assertThat(failure(store::probeReading).kind()).isEqualTo(kind);
        assertThat(failure(store::ltxFiles).kind()).isEqualTo(kind);
        return probed;
    }

    private static Failure timed(String trouble, ThrowingCallable call) {
        long before = System.nanoTime();
        Failure failure = failure(call);
        System.out.printf(
                "| %s | %s | %.1f s | %s |%n",
                trouble, failure.kind(), (System.nanoTime() - before) / 1e9, failure.getMessage());
        return failure;
    }

    private static Failure failure(ThrowingCallable call) {
        return catchThrowableOfType(Failure.class, call);
    }
}
