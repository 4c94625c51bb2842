package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The service as its probes and scrapers see it. */
final class Service {
    static final String STARTED = "/q/health/started";
    static final String READY = "/q/health/ready";
    static final String LIVE = "/q/health/live";
    static final String FRESHNESS = "/q/health/group/freshness";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REFUSED = 0;
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Running running;
    private final int port;

    Service(Running running, int port) {
        this.running = running;
        this.port = port;
    }

    Running process() {
        return running;
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Waits until it answers at all. */
    Service awaitOpen() {
        patiently().until(() -> status(LIVE) == OK);
        return this;
    }

    /** Waits until its readiness probe is up. */
    Service awaitReady() {
        patiently().until(() -> status(READY) == OK);
        return this;
    }

    /** Waits until so many runs have ended in this way. */
    Service awaitRuns(String operation, String outcome, int atLeast) {
        patiently().alias(operation + " " + outcome).until(() -> runs(operation, outcome) >= atLeast);
        return this;
    }

    /** Returns the status code, 0 when nobody answers. */
    int status(String path) {
        return get(path).map(HttpResponse::statusCode).orElse(REFUSED);
    }

    /** Returns the data of the database's check. */
    JsonNode data(String path) {
        return get(path)
                .map(answer -> parse(answer.body()).path("checks").path(0).path("data"))
                .orElseGet(MissingNode::getInstance);
    }

    /** Returns the metrics as text. */
    String metrics() {
        return get("/q/metrics").map(HttpResponse::body).orElse("");
    }

    /** Returns how many runs have ended in this way. */
    double runs(String operation, String outcome) {
        return metric("litestow_runs_total", operation, "outcome=\"" + outcome + "\"");
    }

    /** Returns a metric of the database, 0 when there is none. */
    double metric(String name, String operation, String... labels) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .filter(line -> line.contains("database=\"default\""))
                .filter(line -> line.contains("operation=\"" + operation + "\""))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    /** Returns whether it says that it has the lease of its replica; no when nobody answers. */
    boolean holdsLease() {
        return metrics().lines().anyMatch("litestow_lease_held{database=\"default\"} 1.0"::equals);
    }

    /** Sends TERM and waits. */
    Ended terminate() {
        return running.terminate();
    }

    private Optional<HttpResponse<String>> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            // Not open yet, or not any more.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }
}
