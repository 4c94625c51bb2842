package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.application.Sample;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alert rules on what the service really sends: a real Prometheus scrapes a service whose databases
 * each have another trouble, and one has none. Only the times that the rules wait are shortened.
 */
class AlertsIT {
    private static final String RULES = "src/main/kubernetes/monitoring/rules.yaml";

    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    @TempDir
    Path temp;

    private VersityServer server;

    @BeforeEach
    void databasesEachWithATroubleOfItsOwn() throws IOException {
        server = VersityServer.start(Files.createDirectories(temp.resolve("s3")));
        litestow.unset("REPLICA_URL")
                .env("LITESTREAM_ACCESS_KEY_ID", S3Server.KEY_ID)
                .env("LITESTREAM_SECRET_ACCESS_KEY", "a wrong one")
                .env("LITESTOW_S3_ENDPOINT", server.endpoint().toString())
                .env("LITESTOW_S3_REGION", S3Server.REGION)
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false");
        Path config = Files.createDirectories(litestow.work().resolve("config"));
        Files.writeString(config.resolve("application.yaml"), """
                litestow:
                  databases:
                    denied:
                      path: denied.db
                      replica-url: s3://bucket/denied
                      snapshot: {cron: "* * * * * ?"}
                      health: {max-age: PT2S}
                      # After this time without a word from the replica its slots are used.
                      lease: {time: PT6S}
                    blocked:
                      path: blocked.db
                      replica-url: s3://bucket/blocked
                      snapshot: {cron: "* * * * * ?"}
                    stale:
                      path: stale.db
                      replica-url: file://REPLICAS/stale
                      snapshot: {cron: "0 0 0 1 1 ?"}
                      health: {max-age: PT1S}
                      verify: {every: PT1S}
                    absent:
                      path: absent.db
                      replica-url: file://REPLICAS/absent
                      snapshot: {cron: "*/20 * * * * ?"}
                    well:
                      path: well.db
                      replica-url: file://REPLICAS/well
                      snapshot: {cron: "*/20 * * * * ?"}
                """.replace(
                        "REPLICAS", litestow.root().resolve("replicas").toString()));
        for (String name : Set.of("denied", "stale", "well")) {
            Sample.add(litestow.data().resolve(name + ".db"), 10);
        }
        litestow.run("snapshot", "stale").with(0);
    }

    @AfterEach
    void endTheStore() {
        server.close();
    }

    /** The same rules, which wait for seconds instead of minutes. */
    private Path impatientRules() throws IOException {
        Path rules = Path.of(System.getProperty("litestow.test.basedir")).resolve(RULES);
        String text = Files.readString(rules);
        String groups = text.substring(text.indexOf("  groups:")).replaceAll("for: \\d+[mh]", "for: 3s");
        assertThat(groups).doesNotContainPattern("\\d{2}");
        return Files.writeString(temp.resolve("rules.yaml"), groups);
    }

    @Test
    void each_trouble_rings_its_own_alerts_and_a_database_that_is_well_rings_none() throws IOException {
        Service service = litestow.serve().awaitOpen();
        assertAllSeriesAreThere(service);
        String address = service.address().substring("http://".length());
        try (Prometheus prometheus = Prometheus.start(temp, impatientRules(), address)) {
            patiently()
                    .during(Duration.ofSeconds(3))
                    .until(
                            () -> ringing(prometheus),
                            Set.of(
                                    "LitestowRunsFail denied",
                                    "LitestowBackupTooOld denied",
                                    "LitestowRunsFail blocked",
                                    "LitestowSnapshotOverdue blocked",
                                    "LitestowNothingBackedUp blocked",
                                    "LitestowBackupTooOld stale",
                                    "LitestowProofOverdue stale",
                                    "LitestowNothingBackedUp absent")::equals);

            for (String query : dashboard()) {
                assertThat(prometheus.answers(query)).as(query).isPositive();
            }

            service.process().kill();
            patiently().until(prometheus::firing, Set.of("LitestowGone")::equals);
        }
    }

    /** The queries of the dashboard, as Grafana asks them, but for what this service has done nothing of. */
    private static List<String> dashboard() throws IOException {
        Path file = Path.of(System.getProperty("litestow.test.basedir"), "src/main/grafana/litestow.json");
        return new ObjectMapper()
                .readTree(file.toFile()).path("panels").findValuesAsText("expr").stream()
                        .filter(query -> !query.contains("litestow_notifications_total"))
                        .map(query -> query.replace("$__rate_interval", "1m").replace("$database", ".*"))
                        .toList();
    }

    /** A slot each second is overdue by these seconds whenever the machine is busy with something else. */
    private static Set<String> ringing(Prometheus prometheus) {
        Set<String> alerts = new HashSet<>(prometheus.firing());
        alerts.remove("LitestowSnapshotOverdue denied");
        return alerts;
    }

    /** Every counter begins at zero, and what never succeeded has no last success: alerts and charts rest on it. */
    private static void assertAllSeriesAreThere(Service service) {
        assertThat(service.metrics())
                .contains(
                        "litestow_runs_total{database=\"stale\",operation=\"snapshot\",outcome=\"failed\"} 0.0",
                        "litestow_runs_total{database=\"stale\",operation=\"verify\",outcome=\"failed\"} 0.0",
                        "litestow_runs_total{database=\"stale\",operation=\"restore\",outcome=\"failed\"} 0.0",
                        "litestow_last_success_timestamp_seconds{database=\"denied\",operation=\"snapshot\"} 0.0",
                        "litestow_backup_max_age_seconds{database=\"stale\"} 1.0",
                        "litestow_slot_due_timestamp_seconds{database=\"stale\"} NaN");
    }
}
