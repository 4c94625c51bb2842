package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fifteen databases that nobody configured one by one. */
class GroupIT {
    private static final int MANY = 15;
    private static final String OF_ALL =
            "litestow_runs_total{database=\"*\",operation=\"snapshot\",outcome=\"offloaded\"";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @BeforeEach
    void fifteen_databases() throws IOException {
        litestow.env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "file://" + litestow.root().resolve("replicas") + "/{name}")
                .env("LITESTOW_SNAPSHOT_CRON", "*/2 * * * * ?")
                .env("LITESTOW_API_TOKEN", Api.TOKEN);
        for (int number = 0; number < MANY; number++) {
            Sample.add(file("eu/tenant" + number), 3);
        }
    }

    private Path file(String name) throws IOException {
        Path file = litestow.data().resolve(name + ".db");
        Files.createDirectories(file.getParent());
        return file;
    }

    @Test
    void all_are_offloaded_new_ones_too_and_each_comes_back_by_its_name() throws IOException {
        Service service = litestow.serve().awaitOpen().awaitReady();
        Api api = new Api(service);
        patiently().until(() -> value(service, OF_ALL) >= MANY);
        Sample.add(file("new"), 3);
        patiently().until(() -> Files.notExists(litestow.data().resolve("new.db")));

        // Its file is gone a moment before that is written down.
        patiently().until(() -> service.status(Service.FRESHNESS) == 200);
        // Counted every few seconds.
        patiently().until(() -> value(service, "litestow_databases_offloaded") == MANY + 1.0);
        assertThat(api.get("/api/databases").with(200).json().path("total").asInt())
                .isEqualTo(MANY + 1);
        assertThat(api.get("/api/databases?q=tenant1&state=fresh&limit=2&offset=1")
                        .with(200)
                        .json()
                        .path("databases")
                        .findValuesAsText("database"))
                .containsExactly("eu/tenant10", "eu/tenant11");
        api.get("/api/databases?state=well").with(400);
        String url = "/api/databases/eu%2Ftenant7";
        assertThat(api.get(url).with(200).json().path("offloaded").asBoolean()).isTrue();
        api.post(url + "/restores?wait=soon", Api.WITH_TOKEN, "{\"inPlace\": true}")
                .with(400);
        assertThat(api.post(url + "/restores?wait=PT60S", Api.WITH_TOKEN, "{\"inPlace\": true}")
                        .with(200)
                        .json()
                        .path("outcome")
                        .asText())
                .isEqualTo("restored");
        api.post("/api/databases/nobody/restores", Api.WITH_TOKEN, "{\"inPlace\": true}")
                .with(404);
        assertThat(litestow.run("restore", "eu/tenant3").with(7).err()).contains("serve");
        service.terminate();

        PackagedProgram.delete(litestow.data());
        assertThat(litestow.run("list", "eu/tenant3").with(0).out()).contains("eu/tenant3: ");
        litestow.run("restore", "eu/tenant3").with(0);
        assertThat(Sample.rows(litestow.data().resolve("eu/tenant3.db"))).isEqualTo(3);
        assertThat(litestow.run("list", "nobody").with(2).err())
                .contains("no database is named 'nobody'", "Nothing is at", "replicas/nobody");
    }

    @Test
    void status_of_more_than_a_hundred_counts_all_of_them_for_machines_too() throws IOException {
        for (int number = MANY; number < 101; number++) {
            Sample.add(file("eu/tenant" + number), 1);
        }

        JsonNode status = litestow.run("status", "--json").with(0).json();

        assertThat(status.path("total").asInt()).isEqualTo(101);
        assertThat(status.path("states").path("fresh").asInt()
                        + status.path("states").path("stale").asInt())
                .isEqualTo(101);
        assertThat(status.path("databases")).hasSize(10);
        assertThat(litestow.run("status", "--json", "eu/tenant1")
                        .with(0)
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void a_file_that_went_between_two_commands_is_said_by_each_and_one_that_cannot_be_backed_up_is_an_alarm()
            throws IOException {
        litestow.env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false").env("LITESTOW_HEALTH_MAX_AGE", "PT1H");
        litestow.run("snapshot").with(0);
        litestow.run("status", "--check").with(0);
        Files.delete(file("eu/tenant3"));

        assertThat(litestow.run("snapshot").with(0).err())
                .contains("eu/tenant3.db is gone")
                .doesNotContain("tenant4");
        assertThat(litestow.run("status", "eu/tenant3").with(0).out()).contains("eu/tenant3.db is gone");

        Sample.add(file("eu/tenant#3"), 3);
        Ended status = litestow.run("status", "--check").with(12);
        assertThat(status.out()).contains("NOT BACKED UP eu/tenant#3.db: ", "rename it");
        assertThat(litestow.run("status", "--check", "eu/tenant4").with(0).out())
                .doesNotContain("NOT BACKED UP");
    }

    private static double value(Service service, String prefix) {
        return service.metrics()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
