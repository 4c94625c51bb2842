package io.github.litestow.demo;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Runs the sample writer beside the service, and brings the database back after each offload. */
@ApplicationScoped
public class Demonstration {
    private static final Logger LOG = Logger.getLogger(Demonstration.class);
    private static final Duration RESTORE_AFTER = Duration.ofMillis(1_500);

    private final LaunchMode launchMode;
    private final Databases databases;
    private final Restores restores;
    private final int port;
    private final DaemonThreads later = new DaemonThreads("demonstration", 1);
    private Process writer;

    /** Wires the demonstration. */
    public Demonstration(
            LaunchMode launchMode,
            Databases databases,
            Restores restores,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.launchMode = launchMode;
        this.databases = databases;
        this.restores = restores;
        this.port = port;
    }

    void started(@Observes StartupEvent event) {
        if (!launchMode.demonstrating()) {
            return;
        }
        String address = "http://localhost:" + port;
        LOG.infof("health:  %s/q/health   freshness: %s/q/health/group/freshness", address, address);
        LOG.infof("metrics: %s/q/metrics", address);
    }

    void ended(@Observes RunRecord run) {
        if (!launchMode.demonstrating()) {
            return;
        }
        Database database = databases.named(run.database()).orElseThrow();
        if (run.trigger().equals("start-up") && run.result().failure().isEmpty()) {
            later.execute(() -> startWriter(database.settings().database()));
        }
        if (run.result().which() == Outcome.Case.OFFLOADED) {
            later.after(RESTORE_AFTER, () -> restores.restore(database, RestoreRequest.newest("demonstration", false)));
        }
    }

    void stopping(@Observes ShutdownEvent event) {
        later.close();
        if (writer != null) {
            writer.destroy();
        }
    }

    private void startWriter(Path database) {
        if (writer != null) {
            return;
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        try {
            writer = new ProcessBuilder(
                            java.toString(),
                            "-Xmx64m",
                            "-jar",
                            System.getProperty("java.class.path"),
                            "demo-writer",
                            database.toString())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            LOG.errorf(e, "cannot start the sample writer with %s", java);
        }
    }
}
