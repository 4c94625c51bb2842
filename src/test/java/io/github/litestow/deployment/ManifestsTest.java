package io.github.litestow.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.application.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The manifests as kustomize renders them; they were never applied to a cluster here. */
class ManifestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHUTDOWN_GRACE_SECONDS = 25;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sidecar", "service", "job", "restore", "overlay", "shards"})
    void kubernetes_knows_every_field_and_the_pod_is_confined(String way) throws IOException {
        List<JsonNode> objects = rendered(way);
        String said = Tool.run(
                Map.of("PYTHONPATH", Tool.fetched("kubernetes-validate").toString()),
                List.of(
                        Python.interpreter(),
                        "-m",
                        "kubernetes_validate",
                        "--strict",
                        "-k",
                        "1.33",
                        folder.resolve(way + ".yaml").toString()));
        assertThat(said.lines().filter(line -> line.startsWith("WARN")))
                .as("only the Prometheus operator's kinds have no schema here")
                .allMatch(line -> line.contains("monitoring.coreos.com/v1"));

        JsonNode pod = pod(objects);
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(SHUTDOWN_GRACE_SECONDS + 2);
        assertThat(pod.path("securityContext").path("runAsUser").asInt()).isEqualTo(10001);
        assertThat(pod.path("securityContext").path("fsGroup").asInt()).isEqualTo(10001);
        JsonNode litestow = litestow(pod);
        JsonNode security = litestow.path("securityContext");
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(litestow.path("resources").path("requests").has("memory")).isTrue();
        assertThat(litestow.path("env").isMissingNode())
                .as("secrets are files, not variables")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar", "service", "job", "restore", "overlay", "shards"})
    void every_setting_is_one_that_the_reference_names(String way) throws IOException {
        String reference = Files.readString(Tool.file("docs/reference/settings.md"));
        JsonNode settings = objects(rendered(way), "ConfigMap").get(0).path("data");
        settings.fieldNames()
                .forEachRemaining(name -> assertThat(reference).contains("`" + name.replaceAll("_FILE$", "") + "`"));
        assertThat(settings.has("LITESTREAM_SECRET_ACCESS_KEY")).isFalse();
        assertThat(settings.path("LITESTREAM_SECRET_ACCESS_KEY_FILE").asText()).startsWith("/etc/litestow/keys/");
    }

    @Test
    void the_sidecar_starts_before_the_application_ends_after_it_and_keeps_the_database() throws IOException {
        List<JsonNode> objects = rendered("sidecar");
        JsonNode litestow = pod(objects).path("initContainers").path(0);
        assertThat(litestow.path("restartPolicy").asText()).isEqualTo("Always");
        assertThat(litestow.path("startupProbe").path("httpGet").path("path").asText())
                .isEqualTo("/q/health/started");
        assertThat(objects(objects, "StatefulSet")).hasSize(1);
        assertThat(objects(objects, "ConfigMap")
                        .get(0)
                        .path("data")
                        .path("LITESTOW_SNAPSHOT_DELETE_LOCAL")
                        .asText())
                .isEqualTo("false");
    }

    @Test
    void a_copy_of_the_overlay_works_as_it_is_and_changes_what_it_says() throws IOException {
        List<JsonNode> objects = rendered("overlay");
        JsonNode settings = objects(objects, "ConfigMap").get(0).path("data");
        assertThat(settings.path("REPLICA_URL").asText()).isEqualTo("s3://your-bucket/shop");
        assertThat(settings.path("DB_SQLITE").asText()).isEqualTo("shop.db");
        assertThat(settings.path("LITESTOW_SNAPSHOT_DELETE_LOCAL").asText()).isEqualTo("false");
        assertThat(objects)
                .allMatch(object ->
                        object.path("metadata").path("namespace").asText().equals("shop"));
        JsonNode stateful = objects(objects, "StatefulSet").get(0);
        assertThat(stateful.findValuesAsText("image"))
                .contains("registry.example.com/shop:1.0", "ghcr.io/litestow/litestow:latest");
        assertThat(stateful.findValuesAsText("storage")).containsExactly("10Gi");
        assertThat(stateful.findValues("configMapRef").get(0).path("name").asText())
                .as("the pods follow the settings")
                .isEqualTo(objects(objects, "ConfigMap")
                        .get(0)
                        .path("metadata")
                        .path("name")
                        .asText());
    }

    @Test
    void as_many_pods_as_shards_have_the_databases_among_them() throws IOException {
        List<JsonNode> objects = rendered("shards");
        JsonNode stateful = objects(objects, "StatefulSet").get(0).path("spec");
        JsonNode settings = objects(objects, "ConfigMap").get(0).path("data");
        assertThat(settings.path("LITESTOW_SHARD").asText())
                .isEqualTo("auto/" + stateful.path("replicas").asInt());
        assertThat(settings.path("DB_SQLITE").asText()).contains("{name}");
        assertThat(settings.path("REPLICA_URL").asText()).contains("{name}");
        assertThat(stateful.path("podManagementPolicy").asText()).isEqualTo("Parallel");
        assertThat(stateful.path("volumeClaimTemplates"))
                .as("each pod has its own volume")
                .hasSize(1);
    }

    @Test
    void no_two_pods_of_the_service_and_no_two_jobs_work_at_a_time() throws IOException {
        JsonNode deployment = objects(rendered("service"), "Deployment").get(0).path("spec");
        assertThat(deployment.path("strategy").path("type").asText()).isEqualTo("Recreate");
        assertThat(deployment.path("replicas").asInt()).isEqualTo(1);
        JsonNode cron = objects(rendered("job"), "CronJob").get(0).path("spec");
        assertThat(cron.path("concurrencyPolicy").asText()).isEqualTo("Forbid");
        assertThat(litestow(pod(rendered("job"))).path("args").path(0).asText()).isEqualTo("snapshot");
        assertThat(pod(rendered("restore"))
                        .path("initContainers")
                        .path(0)
                        .path("args")
                        .path(0)
                        .asText())
                .isEqualTo("restore");
    }

    @Test
    void web_identity_takes_the_place_of_keys() throws IOException {
        Path copy = folder.resolve("kubernetes");
        try (Stream<Path> files = Files.walk(Tool.file("src/main/kubernetes"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        copy.resolve(Tool.file("src/main/kubernetes").relativize(file)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path service = copy.resolve("service/kustomization.yaml");
        Files.writeString(service, Files.readString(service).replace("- ../static-keys", "- ../web-identity"));
        List<JsonNode> objects = rendered("web-identity", service.getParent());
        assertThat(objects(objects, "ConfigMap").get(0).path("data").has("LITESTREAM_ACCESS_KEY_ID_FILE"))
                .isFalse();
        assertThat(objects(objects, "ServiceAccount")
                        .get(0)
                        .path("metadata")
                        .path("annotations")
                        .path("eks.amazonaws.com/role-arn")
                        .asText())
                .startsWith("arn:aws:iam::");
    }

    @Test
    void the_alerts_go_off_when_they_should_and_use_only_our_metrics() throws IOException {
        JsonNode rule = objects(rendered("service"), "PrometheusRule").get(0);
        // JSON is YAML, too.
        Files.writeString(folder.resolve("rules.yaml"), JSON.writeValueAsString(rule.path("spec")));
        Tool.run(
                Map.of(),
                List.of(
                        "promtool",
                        "check",
                        "rules",
                        folder.resolve("rules.yaml").toString()));
        for (String tests : List.of("rules_test.yaml", "rules_over_days_test.yaml")) {
            Files.copy(Tool.file("src/test/prometheus").resolve(tests), folder.resolve(tests));
            Tool.run(
                    Map.of(),
                    List.of("promtool", "test", "rules", folder.resolve(tests).toString()));
        }

        requireOurMetrics(rule.findValuesAsText("expr"));
        String runbooks = Files.readString(Tool.file("docs/how-to/alerts.md"));
        assertThat(rule.findValuesAsText("alert"))
                .allSatisfy(alert -> assertThat(runbooks).contains("\n## " + alert + "\n"));
        assertThat(rule.findValuesAsText("runbook_url"))
                .isEqualTo(rule.findValuesAsText("alert").stream()
                        .map(alert -> "https://github.com/litestow/litestow/blob/main/docs/how-to/alerts.md#"
                                + alert.toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static void requireOurMetrics(List<String> expressions) throws IOException {
        String reference = Files.readString(Tool.file("docs/reference/metrics.md"));
        assertThat(expressions).isNotEmpty();
        Pattern.compile("litestow_[a-z_]+")
                .matcher(expressions.toString())
                .results()
                .map(metric -> metric.group().replaceFirst("_seconds_(sum|count)$", "_seconds"))
                .forEach(metric -> assertThat(reference).contains("`" + metric + "`"));
    }

    @Test
    void the_dashboard_uses_only_our_metrics_and_compose_provisions_what_is_there() throws IOException {
        JsonNode dashboard =
                JSON.readTree(Tool.file("src/main/grafana/litestow.json").toFile());
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(10);
        requireOurMetrics(dashboard.findValuesAsText("expr"));

        JsonNode services = JSON.valueToTree(new Yaml().<Object>load(Files.readString(Tool.file("compose.yaml"))))
                .path("services");
        for (String monitoring : List.of("prometheus", "grafana")) {
            assertThat(services.path(monitoring).path("profiles").path(0).asText())
                    .isEqualTo("monitoring");
            for (JsonNode volume : services.path(monitoring).path("volumes")) {
                String source = volume.asText().split(":", 2)[0];
                if (source.startsWith("./")) {
                    assertThat(Tool.file(source.substring(2))).exists();
                }
            }
        }
        Tool.run(
                Map.of(),
                List.of(
                        "promtool",
                        "check",
                        "config",
                        Tool.file("src/main/grafana/prometheus.yaml").toString()));
    }

    private List<JsonNode> rendered(String way) throws IOException {
        return rendered(way, Tool.file("src/main/kubernetes").resolve(way));
    }

    private List<JsonNode> rendered(String name, Path kustomization) throws IOException {
        String yaml =
                Tool.run(Map.of(), List.of(Tool.fetched("kustomize").toString(), "build", kustomization.toString()));
        Files.writeString(folder.resolve(name + ".yaml"), yaml);
        List<JsonNode> objects = new ArrayList<>();
        new Yaml().loadAll(yaml).forEach(object -> objects.add(JSON.valueToTree(object)));
        return objects;
    }

    private static List<JsonNode> objects(List<JsonNode> all, String kind) {
        return all.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The one pod that there is a template of. */
    private static JsonNode pod(List<JsonNode> all) {
        return all.stream()
                .flatMap(object -> object.findValues("template").stream())
                .map(template -> template.path("spec"))
                .filter(spec -> spec.has("containers"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode litestow(JsonNode pod) {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> {
                    List<JsonNode> containers = new ArrayList<>();
                    pod.path(list).forEach(containers::add);
                    return containers.stream();
                })
                .filter(container -> container.path("name").asText().equals("litestow"))
                .findFirst()
                .orElseThrow();
    }
}
