package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.litestow.application.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three databases in one service: a sound one, one whose endpoint hangs, one whose record is broken. */
class SeveralDatabasesIT {
    private static final int ROWS = 50;

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    /** Takes connections, and never says a word. */
    private ServerSocket hanging;

    private Path record;

    @BeforeEach
    void threeDatabases() throws IOException {
        hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Path yaml = litestow.work().resolve("config/application.yaml");
        Files.createDirectories(yaml.getParent());
        Files.writeString(
                yaml, """
                litestow:
                  concurrency: 1
                  snapshot:
                    cron: "* * * * * ?"
                  databases:
                    hanging:
                      path: hanging.db
                      replica-url: s3://bucket/hanging
                      access-key-id: id
                      secret-access-key: secret
                      s3:
                        endpoint: http://127.0.0.1:%d
                        region: us-east-1
                    broken:
                      path: broken.db
                      replica-url: file://%s
                      snapshot:
                        cron: "*/5 * * * *"
                """.formatted(hanging.getLocalPort(), litestow.root().resolve("other-replica")));
        for (String file : List.of("db.sqlite", "hanging.db", "broken.db")) {
            Sample.add(litestow.data().resolve(file), ROWS);
        }
        record = litestow.data().resolve(".broken.db-litestow/state.json");
        Files.createDirectories(record.getParent());
        Files.writeString(record, "{ \"newest\": ");
    }

    @AfterEach
    void nobodyWaitsAnyMore() throws IOException {
        hanging.close();
    }

    @Test
    void one_databases_trouble_neither_delays_nor_fails_anothers_snapshots() throws IOException {
        Service service = litestow.serve().awaitOpen();

        service.awaitRuns("snapshot", "offloaded", 1);
        Sample.add(litestow.database(), 1);
        patiently()
                .until(() -> service.runs("snapshot", "failed") + service.runs("snapshot", "offloaded") > 1
                        || value(service, "litestow_runs_total{database=\"broken\"") > 0);

        assertThat(service.status(Service.STARTED))
                .as("two of the three are not there yet")
                .isEqualTo(503);
        assertThat(value(service, "litestow_uploaded_bytes_total{database=\"default\""))
                .isPositive();
        assertThat(value(service, "litestow_database_bytes{database=\"default\""))
                .isGreaterThan(4095);
        assertThat(value(service, "litestow_replica_bytes{database=\"default\""))
                .isPositive();
        assertThat(value(service, "litestow_replica_objects{database=\"default\""))
                .isPositive();
        assertThat(value(service, "litestow_restore_points{database=\"default\""))
                .isPositive();
        assertThat(value(service, "litestow_seal_seconds_count{database=\"default\""))
                .isPositive();
        assertThat(service.metrics()).containsPattern("litestow_info\\{litestream=\"0\\.5\\.\\d+\",version=");
        assertThat(Sample.rows(litestow.data().resolve("hanging.db"))).isEqualTo(ROWS);
        service.terminate();
        assertThat(record).as("what cannot be read is not written over").hasContent("{ \"newest\": ");
    }

    @Test
    void a_command_over_all_does_what_it_can_and_ends_with_the_worst_exit_code() {
        Ended snapshot = litestow.run("snapshot", "--json").with(10);

        JsonNode runs = snapshot.json().path("runs");
        assertThat(runs.findValuesAsText("database")).containsExactly("broken", "default", "hanging");
        assertThat(runs.path(0).path("result").path("kind").asText()).isEqualTo("disk");
        assertThat(runs.path(1).path("result").path("outcome").asText()).isEqualTo("offloaded");
        assertThat(runs.path(2).path("result").path("kind").asText()).isEqualTo("replica_unreachable");

        Ended list = litestow.run("list", "--json", "default", "hanging").with(5);
        assertThat(list.json().path("databases").path(0).path("restorePoints")).hasSize(1);
        assertThat(list.json().path("databases").path(1).path("kind").asText()).isEqualTo("replica_unreachable");
        assertThat(litestow.run("list", "default", "hanging").with(5).out()).contains("default: ");
    }

    private static double value(Service service, String prefix) {
        return service.metrics()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }
}
