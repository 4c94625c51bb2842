package io.github.litestow.cli;

import io.github.litestow.config.DotEnvFile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code health}: asks the service on this machine, for the health check of a container, whose image
 * then needs no HTTP client. Starts no Quarkus and reads no settings but where the service listens.
 */
@Command(
        name = "health",
        description = {
            "Ask the service on this machine whether a probe is up; for container health checks.",
            "Exit code 0: up; 1: down, or no answer."
        },
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    /** Docker knows 0 and 1 for a health check and keeps the others for itself. */
    private static final int DOWN = 1;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROBE",
            defaultValue = "ready",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    Probe probe;

    /** What can be asked for. */
    enum Probe {
        live("live"),
        started("started"),
        ready("ready"),
        freshness("group/freshness");

        private final String path;

        Probe(String path) {
            this.path = path;
        }
    }

    @Override
    public Integer call() {
        return ask(url(System.getenv(), Path.of(System.getProperty("user.dir"), ".env"), probe), System.out);
    }

    /**
     * Returns where a probe is answered.
     *
     * @param environment of this process, which a health check shares with the service
     * @param dotEnv the service's {@code .env}, read after the environment, as the service does; need not exist
     */
    static String url(Map<String, String> environment, Path dotEnv, Probe probe) {
        Map<String, String> settings = new HashMap<>(DotEnvFile.values(dotEnv));
        // Whatever another one stands for only the service knows.
        settings.values().removeIf(value -> value.contains("${"));
        settings.putAll(environment);
        String host = settings.getOrDefault("QUARKUS_HTTP_HOST", "0.0.0.0");
        String address = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        String port = settings.getOrDefault("QUARKUS_HTTP_PORT", "8080");
        return "http://" + address + ":" + port + "/q/health/" + probe.path;
    }

    /** Asks, prints the answer, and returns the exit code. */
    private int ask(String url, PrintStream out) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout((int) TIMEOUT.toMillis());
            connection.setReadTimeout((int) TIMEOUT.toMillis());
            int status = connection.getResponseCode();
            connection.disconnect();
            boolean up = status == HttpURLConnection.HTTP_OK;
            out.println(probe.name() + ": " + (up ? "up" : "down, " + url + " answers " + status));
            return up ? ExitCodes.DONE : DOWN;
        } catch (IOException | IllegalArgumentException e) {
            out.println(probe.name() + ": no answer from " + url + ": " + e.getMessage());
            return DOWN;
        }
    }
}
