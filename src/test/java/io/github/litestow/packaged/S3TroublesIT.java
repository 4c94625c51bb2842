package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import io.github.litestow.s3.PrivateAuthority;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every trouble with S3 as a user meets it: by command and at start-up, with kind, exit code and a
 * hint, and none is taken for an empty replica. Prints the table of seconds ({@code bench/troubles}).
 */
class S3TroublesIT {
    private static final int ROWS = 20;
    /** Whether each trouble has a {@code list} of its own, for the seconds that {@code bench/troubles} prints. */
    private static final boolean EACH_ALONE = Boolean.getBoolean("litestow.test.each-alone");

    private static final Fault DENIED = FaultProxy.error(403, "AccessDenied", "Access Denied");
    private static final String HTML = "<html><head><title>Sign in</title></head><body>Hello</body></html>";
    private static final String ENDPOINT = "LITESTOW_S3_ENDPOINT";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    private final List<AutoCloseable> running = new ArrayList<>();
    private final List<Trouble> troubles = new ArrayList<>();
    private S3Server server;

    /**
     * A trouble, and what is promised of it.
     *
     * @param name what is wrong
     * @param kind the failure's kind
     * @param hint what the hint says
     * @param settings of a database that meets it
     */
    private record Trouble(String name, String kind, String hint, Map<String, String> settings) {
        /** Returns the database that meets it. */
        String database() {
            return S3TroublesIT.database(name);
        }

        /** Returns the exit code of the kind. */
        int exitCode() {
            return kind.equals("access_denied") ? 4 : 5;
        }

        /** Returns whether it hinders a restore, too. */
        boolean reading() {
            return !hint.contains("s3:PutObject");
        }
    }

    @BeforeEach
    void aReplicaHoldsADatabase() throws Exception {
        server = S3ProxyServer.start();
        running.add(server);
        troubles();
        litestow.env("REPLICA_URL", replica("put refused"))
                .env("DB_SQLITE", "source.db")
                .env("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID)
                .env("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET)
                .env("LITESTOW_S3_REGION", S3Server.REGION)
                .env(ENDPOINT, server.endpoint().toString());
        Sample.add(litestow.data().resolve("source.db"), ROWS);
        litestow.run("snapshot").with(0);
        litestow.unset("REPLICA_URL");
        Path config = Files.createDirectories(litestow.work().resolve("config"));
        Files.writeString(config.resolve("application.yaml"), yaml());
    }

    @AfterEach
    void endEverything() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
    }

    @Test
    void every_trouble_is_named_by_snapshot_restore_list_and_start_up_alike() {
        troubles.forEach(trouble -> Sample.add(database("snapshot", trouble), 1));
        Map<String, JsonNode> snapshots = runs(run("snapshot", "--json").with(5));
        Map<String, JsonNode> restores = runs(run("restore", "--json").with(5));
        Ended ofAll = run("list").with(5);
        assertThat(ofAll.complaints()).as("one line for each trouble").hasSize((int)
                troubles.stream().filter(Trouble::reading).count());
        Map<Trouble, Ended> lists = listsAlone();
        Map<Trouble, Double> starts = startUp();

        System.out.println("| trouble | kind | exit code | snapshot s | restore s | list s | start-up s |");
        for (Trouble trouble : troubles) {
            JsonNode snapshot = snapshots.get(trouble.database());
            JsonNode restore = restores.get(trouble.database());
            Optional<Ended> list = Optional.ofNullable(lists.get(trouble));
            System.out.printf(
                    "| %s | `%s` | %d | %.1f | %s |%n",
                    trouble.name(),
                    trouble.kind(),
                    trouble.exitCode(),
                    seconds(snapshot),
                    trouble.reading()
                            ? String.format(
                                    "%.1f | %s | %.1f",
                                    seconds(restore),
                                    list.map(S3TroublesIT::seconds).orElse("–"),
                                    starts.get(trouble))
                            : "– | – | –");
            assertNamed(trouble, snapshot);
            if (trouble.reading()) {
                assertNamed(trouble, restore);
                assertThat(ofAll.complaints())
                        .filteredOn(line -> line.startsWith(trouble.database() + ": "))
                        .singleElement()
                        .asString()
                        .contains("FAILED, " + trouble.kind() + ": ", trouble.hint());
                list.ifPresent(alone -> alone.with(trouble.exitCode()).sayingOnce(trouble.kind(), trouble.hint()));
            } else {
                assertThat(restore.path("result").path("outcome").asText()).isEqualTo("restored");
                assertThat(ofAll.out()).contains(trouble.database() + ": ", "bytes");
                list.ifPresent(alone -> assertThat(alone.with(0).out()).contains("bytes"));
            }
            for (String folder : List.of("restore", "start")) {
                assertThat(Sample.rows(database(folder, trouble))).isEqualTo(trouble.reading() ? -1 : ROWS);
            }
        }
    }

    /** Of one trouble of each kind, and of what hinders no reading: that is one of each exit code, too. */
    private Map<Trouble, Ended> listsAlone() {
        Set<String> kinds = new HashSet<>();
        Map<Trouble, Ended> lists = new LinkedHashMap<>();
        for (Trouble trouble : troubles) {
            if (EACH_ALONE || !trouble.reading() || kinds.add(trouble.kind())) {
                lists.put(trouble, run("list", trouble.database()));
            }
        }
        return lists;
    }

    private static void assertNamed(Trouble trouble, JsonNode run) {
        JsonNode result = run.path("result");
        assertThat(result.path("kind").asText()).as(trouble.name()).isEqualTo(trouble.kind());
        assertThat(result.path("hint").asText()).as(trouble.name()).contains(trouble.hint());
        assertThat(result.path("step").asText()).isEqualTo("probe");
    }

    private static Map<String, JsonNode> runs(Ended ended) {
        Map<String, JsonNode> runs = new LinkedHashMap<>();
        ended.json().path("runs").forEach(run -> runs.put(run.path("database").asText(), run));
        return runs;
    }

    /** Each command has a folder of its own, as if it were on a machine of its own. */
    private Ended run(String command, String... arguments) {
        return litestow.env("LITESTOW_FOLDER", command)
                .run(Stream.concat(Stream.of(command), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Starts the service on all of them; returns the seconds until each was named. */
    private Map<Trouble, Double> startUp() {
        long begun = System.nanoTime();
        Service service = litestow.env("LITESTOW_FOLDER", "start").serve();
        Map<Trouble, Double> named = new LinkedHashMap<>();
        patiently().until(() -> {
            String log = service.process().err();
            for (Trouble trouble : troubles) {
                if (log.lines().anyMatch(line -> answers(line, trouble))) {
                    named.putIfAbsent(trouble, (System.nanoTime() - begun) / 1e9);
                }
            }
            return named.size() == troubles.size();
        });
        // It may answer late while it tries fifteen databases on a busy machine.
        patiently().until(() -> service.status(Service.STARTED), Predicate.isEqual(503));
        assertThat(service.status(Service.LIVE)).isEqualTo(200);
        service.terminate();
        return named;
    }

    private static boolean answers(String line, Trouble trouble) {
        String run = trouble.database() + ": restore by start-up: ";
        return trouble.reading()
                ? line.contains(run + "FAILED at probe, " + trouble.kind()) && line.contains(trouble.hint())
                : line.contains(run + "restored");
    }

    private Path database(String folder, Trouble trouble) {
        return litestow.work().resolve(folder).resolve(trouble.database() + ".db");
    }

    private void troubles() throws Exception {
        String keys = "LITESTREAM_ACCESS_KEY_ID";
        add("wrong key", "access_denied", keys, Map.of("access-key-id", "AKIAWRONG"));
        add("wrong secret", "access_denied", keys, Map.of("secret-access-key", "wr0ngs3cret"));
        through(
                "expired token",
                "access_denied",
                keys,
                request -> true,
                FaultProxy.error(400, "ExpiredToken", "The provided token has expired."));
        add("missing bucket", "replica_missing", "Create the bucket", Map.of("replica-url", "s3://nosuchbucket/path"));
        through(
                "wrong region",
                "replica_unreachable",
                "LITESTOW_S3_REGION=eu-central-1",
                request -> true,
                FaultProxy.error(301, "PermanentRedirect", "Use the endpoint.", "x-amz-bucket-region: eu-central-1"));
        through("list refused", "access_denied", "s3:ListBucket", Request::lists, DENIED);
        through("get refused", "access_denied", "s3:GetObject", Request::reads, DENIED);
        through(
                "put refused",
                "access_denied",
                "s3:PutObject",
                request -> request.method().equals("PUT"),
                DENIED);
        at("refused connection", ENDPOINT, "http://127.0.0.1:" + PackagedProgram.freePort());
        at("unknown host", ENDPOINT, "http://nosuchhost.invalid:9000");
        through("hanging endpoint", "replica_unreachable", ENDPOINT, request -> true, FaultProxy.hang());
        PrivateAuthority authority = PrivateAuthority.in(litestow.root());
        S3Server secure = S3ProxyServer.startWithTls(authority.keyStore(), PrivateAuthority.PASSWORD);
        running.add(secure);
        at("unknown authority", "SSL_CERT_FILE", secure.endpoint().toString());
        at("no TLS there", ENDPOINT, server.endpoint().toString().replace("http:", "https:"));
        through("HTML", "replica_unreachable", ENDPOINT, request -> true, FaultProxy.answer(200, "text/html", HTML));
        through(
                "empty answer",
                "replica_unreachable",
                ENDPOINT,
                request -> true,
                FaultProxy.answer(200, "application/xml", ""));
    }

    private void at(String name, String hint, String endpoint) {
        add(name, "replica_unreachable", hint, Map.of("s3.endpoint", endpoint));
    }

    private void through(String name, String kind, String hint, Predicate<Request> which, Fault fault)
            throws IOException {
        FaultProxy proxy = new FaultProxy(
                        server.endpoint(), request -> which.test(request) ? Optional.of(fault) : Optional.empty())
                .start();
        running.add(proxy);
        add(name, kind, hint, Map.of("s3.endpoint", proxy.endpoint().toString()));
    }

    private void add(String name, String kind, String hint, Map<String, String> settings) {
        troubles.add(new Trouble(name, kind, hint, settings));
    }

    private static String replica(String trouble) {
        return "s3://" + S3Server.BUCKET + "/" + database(trouble);
    }

    private static String database(String trouble) {
        return trouble.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** What is not said here is taken from the environment. */
    private String yaml() {
        StringBuilder text = new StringBuilder("litestow:\n  databases:\n");
        for (Trouble trouble : troubles) {
            Map<String, String> settings = new LinkedHashMap<>(Map.of(
                    "path",
                    trouble.database() + ".db",
                    "replica-url",
                    replica(trouble.name()),
                    "s3.endpoint",
                    server.endpoint().toString(),
                    "access-key-id",
                    S3Server.KEY_ID,
                    "secret-access-key",
                    S3Server.SECRET));
            settings.putAll(trouble.settings());
            text.append("    ").append(trouble.database()).append(":\n");
            text.append("      s3: {endpoint: '%s'}%n".formatted(settings.remove("s3.endpoint")));
            settings.forEach((key, value) -> text.append("      %s: '%s'%n".formatted(key, value.replace("'", "''"))));
        }
        return text.toString();
    }

    private static String seconds(Ended program) {
        return String.format("%.1f", program.took().toMillis() / 1000.0);
    }

    private static double seconds(JsonNode run) {
        return Duration.between(
                                Instant.parse(run.path("started").asText()),
                                Instant.parse(run.path("finished").asText()))
                        .toMillis()
                / 1000.0;
    }
}
