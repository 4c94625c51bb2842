package io.github.litestow.trigger;

import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.Invocation;
import io.github.litestow.run.Runs;
import io.github.litestow.run.SnapshotRequest;
import io.github.litestow.run.Tenure;
import io.github.litestow.settings.ServiceSettings;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Stops in order and within the grace: no more slots, the run that works is cut short with nothing
 * half-done, then a last snapshot that never deletes.
 */
@ApplicationScoped
public class ShutDown {
    private static final Logger LOG = Logger.getLogger(ShutDown.class);

    /** What a run may need beyond its own deadline to end and reap the engine. */
    private static final Duration REAP = Duration.ofSeconds(5);

    private final ServiceSettings settings;
    private final Databases databases;
    private final Runs runs;
    private final Tenure tenure;
    private final StartUp startUp;
    private final SnapshotCron cron;
    private final Invocation invocation;

    /** Wires the stop. */
    public ShutDown(
            ServiceSettings settings,
            Databases databases,
            Runs runs,
            Tenure tenure,
            StartUp startUp,
            SnapshotCron cron,
            Invocation invocation) {
        this.settings = settings;
        this.databases = databases;
        this.runs = runs;
        this.tenure = tenure;
        this.startUp = startUp;
        this.cron = cron;
        this.invocation = invocation;
    }

    void stopping(@Observes ShutdownEvent event) {
        long end = System.nanoTime() + settings.shutdownGrace().toNanos();
        if (invocation.serving()) {
            cron.close();
            startUp.stop();
        }
        if (!runs.stop(settings.shutdownGrace())) {
            LOG.errorf("a run did not end within the grace of %s", settings.shutdownGrace());
            return;
        }
        if (!invocation.serving()) {
            return;
        }
        // At once, so that a replica that hangs takes no other database's time.
        databases.all().stream()
                .map(database -> CompletableFuture.runAsync(() -> last(database, end), ShutDown::daemon)
                        .exceptionally(defect -> reported(database, defect)))
                .toList()
                .forEach(CompletableFuture::join);
        Duration left = Duration.ofNanos(end - System.nanoTime());
        tenure.giveLeasesBack(databases.all(), left);
    }

    /** A defect with one database must not keep the leases of all. */
    private static Void reported(Database database, Throwable defect) {
        LOG.errorf(defect, "%s: defect in the last snapshot", database.name());
        return null;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "last snapshot");
        thread.setDaemon(true);
        thread.start();
    }

    private void last(Database database, long end) {
        Duration left = Duration.ofNanos(end - System.nanoTime()).minus(REAP);
        boolean wanted = database.settings().snapshot().onShutdown()
                && database.journal().ready()
                && !database.missing();
        if (wanted && left.toMillis() > TimeUnit.SECONDS.toMillis(1)) {
            runs.last(database, SnapshotRequest.beforeStop(left));
        } else if (wanted) {
            LOG.warnf("%s: no time left for a last snapshot within the grace", database.name());
        }
    }
}
