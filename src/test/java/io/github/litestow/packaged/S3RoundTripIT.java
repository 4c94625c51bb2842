package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.PrivateAuthority;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program with the real engine against real S3 servers, for every source of keys. A
 * source is held by the offload alone: in it our client and the engine write and read with the same
 * keys, and the local copy goes only on what the engine brought back.
 */
class S3RoundTripIT {
    private static final int ROWS = 500;
    private static final String TOKEN = "session/t0ken+=";
    private static final Map<String, String> KEYS =
            Map.of("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID, "LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET);

    @TempDir
    Path folder;

    private static S3Server s3proxy;

    private final List<AutoCloseable> running = new ArrayList<>();
    private Path database;
    /** In the bucket of all tests. */
    private String path;

    @BeforeAll
    static void startServer() {
        s3proxy = S3ProxyServer.start();
    }

    @AfterAll
    static void stopServer() {
        s3proxy.close();
    }

    @BeforeEach
    void aPlaceOfItsOwn() {
        database = folder.resolve("data").resolve("db.sqlite");
        path = folder.getFileName().toString();
    }

    @AfterEach
    void stopEverything() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
    }

    @Test
    void a_database_goes_to_s3proxy_and_comes_back() throws Exception {
        roundTrip("s3://bucket/" + path, reaching(s3proxy.endpoint(), KEYS));
        assertThat(s3proxy.keys(path + "/"))
                .contains(path + "/litestow/identity.json", path + "/litestow/proofs.json")
                .anyMatch(key -> key.startsWith(path + "/0000/"));
    }

    @Test
    void a_database_goes_to_versitygw_and_comes_back() throws Exception {
        S3Server versity = VersityServer.start(folder);
        running.add(versity);
        roundTrip("s3://bucket/" + path, reaching(versity.endpoint(), KEYS));
        assertThat(versity.keys(path + "/")).contains(path + "/litestow/identity.json");
    }

    @Test
    void a_path_with_odd_characters_is_taken_literally_by_both() throws Exception {
        roundTrip("s3://bucket/a b+c%20d/é", reaching(s3proxy.endpoint(), KEYS));
        assertThat(s3proxy.keys("a b+c%20d/é/0000/")).isNotEmpty();
    }

    @Test
    void the_session_token_reaches_the_engine_too() throws Exception {
        FaultProxy proxy = watching();
        Map<String, String> environment = reaching(proxy.endpoint(), KEYS);
        environment.put("LITESTOW_SESSION_TOKEN", TOKEN);
        offload(environment);
        assertAllSentTheToken(proxy);
    }

    @Test
    void keys_of_the_aws_environment_serve_both() throws Exception {
        FaultProxy proxy = watching();
        Map<String, String> chain = Map.of(
                "AWS_ACCESS_KEY_ID",
                S3Server.KEY_ID,
                "AWS_SECRET_ACCESS_KEY",
                S3Server.SECRET,
                "AWS_SESSION_TOKEN",
                TOKEN);
        offload(reaching(proxy.endpoint(), chain));
        assertAllSentTheToken(proxy);
    }

    @Test
    void keys_of_a_profile_serve_both() throws Exception {
        Path credentials = Files.writeString(
                folder.resolve("credentials"),
                "[other]\naws_access_key_id = " + S3Server.KEY_ID + "\naws_secret_access_key = " + S3Server.SECRET
                        + "\n");
        Map<String, String> chain =
                Map.of("AWS_SHARED_CREDENTIALS_FILE", credentials.toString(), "AWS_PROFILE", "other");
        offload(reaching(s3proxy.endpoint(), chain));
    }

    @Test
    void keys_of_a_container_serve_both() throws Exception {
        String keys = "{\"AccessKeyId\":\"" + S3Server.KEY_ID + "\",\"SecretAccessKey\":\"" + S3Server.SECRET
                + "\",\"Token\":\"" + TOKEN + "\",\"Expiration\":\"2099-01-01T00:00:00Z\"}";
        URI container = serving("application/json", keys);
        FaultProxy proxy = watching();
        Map<String, String> chain = Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", container + "/keys");
        offload(reaching(proxy.endpoint(), chain));
        assertAllSentTheToken(proxy);
    }

    @Test
    void keys_for_a_web_identity_serve_both() throws Exception {
        String keys = "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>" + S3Server.KEY_ID
                + "</AccessKeyId><SecretAccessKey>" + S3Server.SECRET + "</SecretAccessKey><SessionToken>" + TOKEN
                + "</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
                + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
        URI sts = serving("text/xml", keys);
        FaultProxy proxy = watching();
        Map<String, String> chain = Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                Files.writeString(folder.resolve("identity"), "who I am").toString(),
                "AWS_ROLE_ARN",
                "arn:aws:iam::123456789012:role/backup",
                "AWS_ENDPOINT_URL_STS",
                sts.toString(),
                "AWS_REGION",
                S3Server.REGION);
        offload(reaching(proxy.endpoint(), chain));
        assertAllSentTheToken(proxy);
    }

    @Test
    void an_endpoint_behind_a_private_authority_serves_with_its_file() throws Exception {
        PrivateAuthority authority = PrivateAuthority.in(folder);
        S3Server secure = S3ProxyServer.startWithTls(authority.keyStore(), PrivateAuthority.PASSWORD);
        running.add(secure);
        for (String variable : List.of("SSL_CERT_FILE", "AWS_CA_BUNDLE")) {
            Map<String, String> environment = reaching(secure.endpoint(), KEYS);
            environment.put(variable, authority.certificate().toString());
            offload("s3://bucket/" + variable, environment);
        }
    }

    @Test
    void read_only_keys_are_enough_for_a_restore() throws Exception {
        offload(reaching(s3proxy.endpoint(), KEYS));
        FaultProxy proxy = new FaultProxy(
                        s3proxy.endpoint(),
                        request -> List.of("PUT", "POST", "DELETE").contains(request.method())
                                ? Optional.of(FaultProxy.error(403, "AccessDenied", "Access Denied"))
                                : Optional.empty())
                .start();
        running.add(proxy);
        assertThat(program("s3://bucket/" + path, reaching(proxy.endpoint(), KEYS), "restore"))
                .isZero();
        assertThat(rows()).isEqualTo(ROWS);
    }

    /** Offloads a new database, whose local copy is deleted on proof. */
    private void offload(Map<String, String> environment) throws Exception {
        offload("s3://bucket/" + path, environment);
    }

    private void offload(String url, Map<String, String> environment) throws Exception {
        deleteLocal();
        fill();
        assertThat(program(url, environment, "snapshot")).isZero();
        assertThat(database).doesNotExist();
    }

    /** The same, and restores it. */
    private void roundTrip(String url, Map<String, String> environment) throws Exception {
        offload(url, environment);
        assertThat(program(url, environment, "restore")).isZero();
        assertThat(rows()).isEqualTo(ROWS);
    }

    private Map<String, String> reaching(URI endpoint, Map<String, String> keys) {
        Map<String, String> environment = new HashMap<>(keys);
        environment.put("LITESTOW_S3_ENDPOINT", endpoint.toString());
        environment.put("LITESTOW_S3_REGION", S3Server.REGION);
        environment.put("LITESTOW_S3_FORCE_PATH_STYLE", "true");
        return environment;
    }

    private int program(String url, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(PackagedProgram.program(url));
        command.addAll(Arrays.asList(arguments));
        Path log = folder.resolve("program.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("AWS_") || name.startsWith("SSL_CERT") || name.startsWith("LITEST"));
        builder.environment().putAll(environment);
        builder.environment().put("REPLICA_URL", url);
        builder.environment().put("LITESTOW_FOLDER", database.getParent().toString());
        builder.environment().put("LITESTOW_LITESTREAM_BINARY", System.getProperty("litestow.test.litestream"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("ends in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(log);
        assertThat(said).doesNotContain(S3Server.SECRET, TOKEN);
        System.out.println(said.lines().reduce((first, last) -> last).orElse(""));
        return process.exitValue();
    }

    private void fill() throws IOException, SQLException {
        Files.createDirectories(database.getParent());
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS
                    + ") INSERT INTO t SELECT i, hex(randomblob(100)) FROM n");
        }
    }

    private int rows() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM t")) {
            return result.getInt(1);
        }
    }

    private void deleteLocal() throws IOException {
        if (Files.exists(database.getParent())) {
            try (var files = Files.walk(database.getParent())) {
                for (Path file :
                        files.sorted((one, other) -> other.compareTo(one)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private FaultProxy watching() throws IOException {
        FaultProxy proxy = new FaultProxy(s3proxy.endpoint(), request -> Optional.empty()).start();
        running.add(proxy);
        return proxy;
    }

    private static void assertAllSentTheToken(FaultProxy proxy) {
        assertThat(proxy.seen())
                .allSatisfy(request ->
                        assertThat(request.header("x-amz-security-token")).contains(TOKEN));
        // Ours and the engine's.
        assertThat(proxy.seen())
                .extracting(request -> request.header("user-agent").orElse(""))
                .anyMatch(agent -> agent.contains("aws-sdk-java"))
                .anyMatch(agent -> agent.contains("aws-sdk-go"));
    }

    private URI serving(String type, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        running.add(() -> server.stop(0));
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
