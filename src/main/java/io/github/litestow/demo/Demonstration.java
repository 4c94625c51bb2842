package io.github.litestow.demo;

import io.github.litestow.control.DaemonThreads;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean restoreDue = new AtomicBoolean();
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
        LOG.infof("page:    %s/", address);
        LOG.infof("health:  %s/q/health   freshness: %s/q/health/group/freshness", address, address);
        LOG.infof("metrics: %s/q/metrics", address);
        // Otherwise the first that a newcomer reads is the service's warning that there is none.
        LOG.info("a sample application follows, and makes its database where there is none yet");
    }

    void ended(@Observes RunRecord run) {
        if (!launchMode.demonstrating()) {
            return;
        }
        Database database = databases.named(run.database()).orElseThrow();
        if (run.trigger().equals("start-up") && run.result().failure().isEmpty()) {
            later.execute(() -> startWriter(database.settings().database()));
        }
        // Whatever ended, and however: a restore that was skipped must not be the last one.
        if (writing() && database.missing() && restoreDue.compareAndSet(false, true)) {
            later.after(RESTORE_AFTER, () -> restore(database));
        }
    }

    private synchronized boolean writing() {
        return writer != null;
    }

    private void restore(Database database) {
        restoreDue.set(false);
        restores.restore(database, RestoreRequest.newest("demonstration", false));
    }

    synchronized void stopping(@Observes ShutdownEvent event) {
        later.close();
        if (writer != null) {
            writer.destroy();
        }
    }

    private synchronized void startWriter(Path database) {
        if (writer != null) {
            return;
        }
        try {
            writer = new ProcessBuilder(sampleWriter(database)).inheritIO().start();
        } catch (IOException e) {
            LOG.errorf(e, "cannot start the sample writer; the demonstration shows an empty database");
        }
    }

    /** Ourselves once more: a JVM with our class path, or the native executable, which needs none. */
    private static List<String> sampleWriter(Path database) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("the system does not say which executable this process runs")));
        for (String property : List.of("org.sqlite.lib.path", "org.sqlite.lib.name", "java.io.tmpdir")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        if (System.getProperty("java.home") != null) {
            command.addAll(List.of("-Xmx64m", "-jar", System.getProperty("java.class.path")));
        }
        command.addAll(List.of("demo-writer", database.toString()));
        return command;
    }
}
