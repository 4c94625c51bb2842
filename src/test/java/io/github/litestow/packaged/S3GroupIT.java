package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.application.Sample;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Groups and shards with a real S3 server, each request of which is seen. */
class S3GroupIT {
    private static final int MANY = 4;
    private static final String CONFIRMED =
            "litestow_runs_total{database=\"*\",operation=\"snapshot\",outcome=\"snapshotted\"";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @RegisterExtension
    final PackagedProgram other = new PackagedProgram();

    @TempDir
    Path folder;

    private S3Server server;
    private FaultProxy proxy;

    @BeforeEach
    void a_bucket() throws IOException {
        server = VersityServer.start(folder);
        proxy = new FaultProxy(server.endpoint(), request -> Optional.empty()).start();
        for (PackagedProgram each : List.of(litestow, other)) {
            each.env("DB_SQLITE", "{name}.db")
                    .env("REPLICA_URL", "s3://bucket/tenants/{name}")
                    .env("LITESTOW_S3_ENDPOINT", proxy.endpoint().toString())
                    .env("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID)
                    .env("LITESTREAM_SECRET_ACCESS_KEY", S3Server.SECRET)
                    .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                    .env("LITESTOW_SNAPSHOT_CRON", "*/2 * * * * ?")
                    .env("LITESTOW_API_TOKEN", Api.TOKEN);
        }
    }

    @AfterEach
    void nothing_runs() throws Exception {
        proxy.close();
        server.close();
    }

    private static Path file(PackagedProgram program, String name) throws IOException {
        Path file = program.data().resolve(name + ".db");
        Files.createDirectories(file.getParent());
        return file;
    }

    private static String tenant(int number) {
        return "eu/tenant" + number;
    }

    private static double confirmed(Service service) {
        return service.metrics()
                .lines()
                .filter(line -> line.startsWith(CONFIRMED))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private interface Change {
        void made() throws IOException;
    }

    private static void inASlot(Service service, Change change) throws IOException {
        double before = confirmed(service);
        change.made();
        patiently().until(() -> confirmed(service) > before);
    }

    /** Requests about a database by its name, of the engine and ours. */
    private long requestsAboutTenants() {
        return proxy.seen().stream()
                .filter(request -> request.target().contains("eu%"))
                .count();
    }

    @Test
    void what_does_not_change_is_not_asked_about_and_all_come_back_by_their_names() throws Exception {
        for (int number = 0; number < MANY; number++) {
            Sample.add(file(litestow, tenant(number)), 3);
        }
        Service service = litestow.serve().awaitOpen().awaitReady();
        patiently().until(() -> confirmed(service) >= MANY);
        inASlot(service, () -> Sample.add(file(litestow, "canary"), 1));
        patiently().until(() -> {
            // A slot in which the canary is confirmed was one for all the others, too.
            long before = requestsAboutTenants();
            inASlot(service, () -> Sample.add(file(litestow, "canary"), 1));
            return requestsAboutTenants() == before;
        });
        assertThat(proxy.seen())
                .filteredOn(request ->
                        request.method().equals("PUT") && request.target().contains("/canary/litestow/.probe"))
                .as("whether its replica can be written to is tried by the first run alone")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(requestsAboutTenants()).isPositive();
        service.terminate();

        PackagedProgram.delete(litestow.data());
        assertThat(litestow.run("list", tenant(3)).with(0).out()).contains(tenant(3) + ": ");
        litestow.env("LITESTOW_RESTORE_ON_START", "false");
        Service empty = litestow.serve().awaitOpen().awaitReady();
        Api api = new Api(empty);
        assertThat(api.get("/api/databases?state=at_replica")
                        .with(200)
                        .json()
                        .path("databases")
                        .findValuesAsText("database"))
                .contains("canary", tenant(0), tenant(MANY - 1))
                .hasSize(MANY + 1);
        assertThat(api.post("/api/databases/eu%2Ftenant2/restores?wait=PT60S", Api.WITH_TOKEN, "{\"inPlace\": true}")
                        .with(200)
                        .json()
                        .path("outcome")
                        .asText())
                .isEqualTo("restored");
        assertThat(Sample.rows(file(litestow, tenant(2)))).isEqualTo(3);
        empty.terminate();
    }

    @Test
    void a_database_goes_where_its_shard_is_and_where_it_is_moved_to() throws Exception {
        litestow.env("LITESTOW_SHARD", "0/2").env("LITESTOW_DISCOVERY_EVERY", "PT1S");
        other.env("LITESTOW_SHARD", "1/2").env("LITESTOW_DISCOVERY_EVERY", "PT1S");
        Service one = litestow.serve().awaitOpen().awaitReady();
        Service two = other.serve().awaitOpen().awaitReady();
        // By the hash of their names two of them belong to each service.
        List<String> names =
                IntStream.rangeClosed(3, 6).mapToObj(S3GroupIT::tenant).toList();
        for (String name : names) {
            Sample.add(file(litestow, name), 3);
        }
        patiently().until(() -> names.stream().anyMatch(name -> has(other, name)));
        patiently()
                .until(() -> confirmed(one) + confirmed(two) > 0
                        && names.stream().allMatch(name -> has(litestow, name) != has(other, name)));

        String mine =
                names.stream().filter(name -> has(litestow, name)).findFirst().orElseThrow();
        Sample.add(file(litestow, mine), 4);
        assertThat(litestow.run("move", mine, "--to", "1").with(0).out()).contains("shard 1");
        patiently().until(() -> has(other, mine) && !has(litestow, mine));
        patiently()
                .untilAsserted(() -> assertThat(Sample.rows(file(other, mine))).isEqualTo(7));

        inASlot(two, () -> Sample.add(file(other, mine), 1));
        assertThat(other.run("list", mine).with(0).out()).contains(mine + ": ");
        one.terminate();
        two.terminate();
        assertThat(proxy.seen().stream()
                        .map(FaultProxy.Request::target)
                        .filter(target -> target.contains("/litestow/.race-"))
                        .map(target -> target.substring(0, target.indexOf("/litestow/")))
                        .distinct())
                .as("each service tries the store on one database, not on each that comes to it")
                .hasSizeLessThanOrEqualTo(2);
    }

    private static boolean has(PackagedProgram program, String name) {
        return Files.exists(program.data().resolve(name + ".db"));
    }
}
