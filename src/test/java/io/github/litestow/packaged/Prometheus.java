package io.github.litestow.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A real Prometheus that scrapes one service and judges what it sees by our own alert rules, only faster. */
final class Prometheus implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final int port;

    private Prometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param folder for its files
     * @param rules the file with the {@code groups}
     * @param address what it scrapes, for example {@code 127.0.0.1:8080}
     */
    static Prometheus start(Path folder, Path rules, String address) {
        int port = PackagedProgram.freePort();
        try {
            Path config = folder.resolve("prometheus.yaml");
            Files.writeString(config, """
                    global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
                    rule_files: ["%s"]
                    scrape_configs:
                      - job_name: litestow
                        metrics_path: /q/metrics
                        scrape_interval: 1s
                        scrape_timeout: 1s
                        static_configs: [{targets: ["%s"]}]
                    """.formatted(rules, address));
            Process process = new ProcessBuilder(List.of(
                            "prometheus",
                            "--config.file=" + config,
                            "--storage.tsdb.path=" + folder.resolve("tsdb"),
                            "--web.listen-address=127.0.0.1:" + port))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            return new Prometheus(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException("prometheus cannot be started; .ci/run installs what the tests need", e);
        }
    }

    /** Returns the alerts that go off, each as its name and the database; empty while it does not answer. */
    Set<String> firing() {
        Set<String> firing = new TreeSet<>();
        URI alerts = URI.create("http://127.0.0.1:" + port + "/api/v1/alerts");
        try (InputStream answer = alerts.toURL().openStream()) {
            for (JsonNode alert : JSON.readTree(answer).path("data").path("alerts")) {
                if (alert.path("state").asText().equals("firing")) {
                    JsonNode labels = alert.path("labels");
                    String name = labels.path("alertname").asText();
                    firing.add((name + " " + labels.path("database").asText()).strip());
                }
            }
        } catch (IOException e) {
            // Not open yet.
            return Set.of();
        }
        return firing;
    }

    /** Returns how many series answer a query. */
    int answers(String query) throws IOException {
        URI address = URI.create(
                "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        try (InputStream answer = address.toURL().openStream()) {
            return JSON.readTree(answer).path("data").path("result").size();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
