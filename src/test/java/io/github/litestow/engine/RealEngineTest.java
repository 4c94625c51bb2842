package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract with the real litestream binary. */
@Timeout(120)
class RealEngineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FIRST = "0000000000000001";
    private static final String SECOND = "0000000000000002";
    private static final String THIRD = "0000000000000003";

    private final Litestream litestream = Given.litestream(Given.realEngine());

    @TempDir
    Path folder;

    Path replica;
    ConfiguredDatabase settings;
    Path output;

    @BeforeEach
    void a_database() throws Exception {
        // What a URL would spoil: a blank, a question mark, a percent sign, and what a shell or YAML reads.
        replica = folder.resolve("re plica?a=b#%20é$HOME\"'");
        settings = Given.fileReplica(folder, replica);
        output = folder.resolve("restored.db");
        Given.sql(settings.database(), "CREATE TABLE t(a)", "INSERT INTO t VALUES (1)");
    }

    @Test
    void tells_its_version() throws Failure {
        assertThat(litestream.version()).startsWith("0.5.");
        assertThat(litestream.binary()).isEqualTo(Given.realEngine());
    }

    @Test
    void what_was_replicated_is_listed_and_restored() throws Exception {
        replicateThrice();
        assertThat(replica.resolve("ltx")).isDirectory();
        assertThat(EngineState.newestTxid(settings.engineFolder())).contains(THIRD);
        assertThat(listing()).extracting(ReplicaFile::maxTxid).containsExactly(FIRST, SECOND, THIRD);

        assertThat(restore(Optional.of(SECOND))).isEqualTo(SECOND);
        assertThat(Given.count(output, "t")).isEqualTo(2);
        assertThat(PidFile.in(settings.stateFolder())).isEmpty();
    }

    @Test
    void the_newest_is_restored_without_a_local_database() throws Exception {
        replicateThrice();
        ConfiguredDatabase elsewhere = Given.fileReplica(Files.createDirectory(folder.resolve("else")), replica);
        assertThat(litestream.listing(elsewhere, PATIENCE, new Cancellation())).hasSize(3);
        assertThat(litestream.restore(elsewhere, Optional.empty(), output, PATIENCE, new Cancellation()))
                .isEqualTo(THIRD);
        assertThat(Given.count(output, "t")).isEqualTo(3);
        assertThat(elsewhere.database()).doesNotExist();
    }

    @Test
    void what_litestream_0_3_replicated_is_restored_and_names_no_transaction() throws Exception {
        Path old = Path.of(System.getProperty("litestow.test.litestream-0.3"));
        assertThat(old).as("fetched by Maven").isExecutable();
        // 0.3 takes a URL only, and knows no one-shot run.
        replica = folder.resolve("old");
        settings = Given.fileReplica(folder, replica);
        Given.sql(settings.database(), "PRAGMA journal_mode=WAL");
        Process daemon = new ProcessBuilder(
                        old.toString(), "replicate", settings.database().toString(), "file://" + replica)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("old.log").toFile())
                .start();
        try {
            await().atMost(PATIENCE).until(() -> holdsWal(replica));
        } finally {
            daemon.destroyForcibly().waitFor();
        }
        assertThat(listing()).isEmpty();
        assertThat(restore(Optional.empty())).isEmpty();
        assertThat(Given.count(output, "t")).isEqualTo(1);
    }

    @Test
    void an_empty_replica_lists_nothing_and_restores_nothing() throws Failure {
        assertThat(listing()).isEmpty();
        assertThat(failure(() -> restore(Optional.empty()))).hasMessageContaining("the replica holds no backup");
    }

    @Test
    void a_transaction_that_is_not_there_is_not_restored() throws Exception {
        replicateThrice();
        assertThat(failure(() -> restore(Optional.of("0000000000000009"))).kind())
                .isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure(() -> restore(Optional.of("zz"))).kind()).isEqualTo(FailureKind.SETTINGS);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60, 120, 300, 500})
    void a_damaged_byte_is_found(int offset) throws Exception {
        replicateThrice();
        try (RandomAccessFile file = new RandomAccessFile(ltx(FIRST).toFile(), "rw")) {
            file.seek(offset);
            int value = file.read();
            file.seek(offset);
            file.write(value ^ 0xff);
        }
        assertProofFails();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 200, 500})
    void a_truncated_file_is_found(int size) throws Exception {
        replicateThrice();
        try (RandomAccessFile file = new RandomAccessFile(ltx(SECOND).toFile(), "rw")) {
            file.setLength(size);
        }
        assertProofFails();
    }

    @Test
    void a_missing_file_in_the_middle_is_found() throws Exception {
        replicateThrice();
        Files.delete(ltx(SECOND));
        assertProofFails();
    }

    @Test
    void a_missing_database_is_named() throws Exception {
        Files.delete(settings.database());
        Failure failure = failure(this::replicate);
        assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_DAMAGED);
        assertThat(failure).hasMessageContaining("no database");
    }

    @Test
    void a_file_that_is_no_database_is_named() throws Exception {
        Files.write(settings.database(), new byte[20_000]);
        Files.writeString(settings.database(), "This is certainly no database. ".repeat(1000));
        assertThat(failure(this::replicate).kind()).isEqualTo(FailureKind.SOURCE_DAMAGED);
    }

    @Test
    void a_replica_that_is_a_file_is_named() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        settings = Given.fileReplica(folder, file.resolve("replica"));
        assertThat(failure(this::replicate).kind()).isEqualTo(FailureKind.REPLICA_MISSING);
        assertThat(failure(this::listing).kind()).isEqualTo(FailureKind.REPLICA_MISSING);
    }

    @ParameterizedTest
    @CsvSource({
        "403, SignatureDoesNotMatch, ACCESS_DENIED",
        "403, AccessDenied, ACCESS_DENIED",
        "404, NoSuchBucket, REPLICA_MISSING",
        "429, TooManyRequests, THROTTLED",
        "301, PermanentRedirect, REPLICA_UNREACHABLE"
    })
    void what_a_store_answers_is_classified(int status, String code, FailureKind kind) throws Exception {
        String answer = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>";
        try (Store store = new Store(status, "application/xml", answer)) {
            settings = Given.s3Replica(folder, store.endpoint());
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(this::replicate, this::listing, () -> restore(Optional.empty()))) {
                assertThat(failure(call).kind()).isEqualTo(kind);
            }
        }
    }

    @Test
    void what_answers_html_is_no_store() throws Exception {
        try (Store store = new Store(200, "text/html", "<html>hello</html>")) {
            settings = Given.s3Replica(folder, store.endpoint());
            assertThat(failure(this::replicate).kind()).isEqualTo(FailureKind.REPLICA_UNREACHABLE);
        }
    }

    @Test
    void the_configured_keys_sign_whatever_else_is_in_the_environment() throws Exception {
        Map<String, String> stray = new HashMap<>(System.getenv());
        stray.put("AWS_ACCESS_KEY_ID", "stray");
        stray.put("AWS_SESSION_TOKEN", "stray");
        stray.put("AWS_CA_BUNDLE", "/nowhere");
        try (Store store = new Store(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>")) {
            settings = Given.s3Replica(folder, store.endpoint());
            failure(() -> Given.litestream(Given.realEngine(), stray).listing(settings, PATIENCE, new Cancellation()));
            assertThat(store.seen())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request)
                            .contains("/bucket?", Given.KEY_ID + "/", "/eu-central-1/s3/")
                            .doesNotContainIgnoringCase("stray"));
        }
    }

    @Test
    void a_refused_connection_ends_at_the_deadline() throws Exception {
        settings = Given.s3Replica(folder, "http://127.0.0.1:" + closedPort());
        assertThat(failure(() -> litestream.listing(settings, Duration.ofSeconds(2), new Cancellation()))
                        .kind())
                .isEqualTo(FailureKind.TIMEOUT);
    }

    @Test
    void an_endpoint_that_accepts_and_never_answers_ends_at_the_deadline() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            settings = Given.s3Replica(folder, "http://127.0.0.1:" + silent.getLocalPort());
            long start = System.nanoTime();
            Failure failure =
                    failure(() -> litestream.replicateOnce(settings, Duration.ofSeconds(2), new Cancellation()));
            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
        }
        assertThat(PidFile.in(settings.stateFolder())).isEmpty();
    }

    private void replicateThrice() throws Failure, SQLException {
        replicate();
        for (int i = 2; i <= 3; i++) {
            Given.sql(settings.database(), "INSERT INTO t VALUES (" + i + ")");
            replicate();
        }
    }

    private void replicate() throws Failure {
        litestream.replicateOnce(settings, PATIENCE, new Cancellation());
    }

    private List<ReplicaFile> listing() throws Failure {
        return litestream.listing(settings, PATIENCE, new Cancellation());
    }

    private String restore(Optional<String> txid) throws Failure {
        return litestream.restore(settings, txid, output, PATIENCE, new Cancellation());
    }

    private Path ltx(String txid) {
        return replica.resolve("ltx/0").resolve(txid + "-" + txid + ".ltx");
    }

    private void assertProofFails() {
        assertThat(failure(() -> restore(Optional.empty())).kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(failure(() -> restore(Optional.of(THIRD))).kind()).isEqualTo(FailureKind.PROOF_FAILED);
        assertThat(folder).isDirectoryNotContaining("glob:**restored.db*");
    }

    private static boolean holdsWal(Path replica) throws IOException {
        if (!Files.isDirectory(replica)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(replica)) {
            return files.anyMatch(file -> file.toString().endsWith(".wal.lz4"));
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Failure failure(ThrowingCallable call) {
        Failure failure = catchThrowableOfType(Failure.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    /** An HTTP server with one answer to everything, which remembers what it was asked. */
    private static final class Store implements AutoCloseable {
        private final HttpServer server;
        private final List<String> seen = new ArrayList<>();

        Store(int status, String type, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                synchronized (seen) {
                    seen.add(exchange.getRequestURI() + " " + new HashMap<>(exchange.getRequestHeaders()));
                }
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
        }

        String endpoint() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        List<String> seen() {
            synchronized (seen) {
                return List.copyOf(seen);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
