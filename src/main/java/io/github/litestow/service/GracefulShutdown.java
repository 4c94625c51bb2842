package io.github.litestow.service;

import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.settings.ServiceSettings;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Stops in order and within the grace: no more slots, the run that works is cut short with nothing
 * half-done, then a last snapshot that never deletes.
 */
@ApplicationScoped
public class GracefulShutdown {
    private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

    /** What a run may need beyond its own deadline to end and reap the engine. */
    private static final Duration REAP = Duration.ofSeconds(5);

    private final ServiceSettings settings;
    private final Databases databases;
    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final RestoreOnStartup startUp;
    private final SnapshotScheduler cron;
    private final LaunchMode launchMode;

    /** Wires the stop. */
    public GracefulShutdown(
            ServiceSettings settings,
            Databases databases,
            RunExecutor runs,
            Snapshots snapshots,
            RestoreOnStartup startUp,
            SnapshotScheduler cron,
            LaunchMode launchMode) {
        this.settings = settings;
        this.databases = databases;
        this.runs = runs;
        this.snapshots = snapshots;
        this.startUp = startUp;
        this.cron = cron;
        this.launchMode = launchMode;
    }

    void stopping(@Observes ShutdownEvent event) {
        long end = System.nanoTime() + settings.shutdownGrace().toNanos();
        if (launchMode.serving()) {
            cron.close();
            startUp.stop();
        }
        if (!runs.stop(settings.shutdownGrace())) {
            LOG.errorf("a run did not end within the grace of %s", settings.shutdownGrace());
            return;
        }
        if (!launchMode.serving()) {
            return;
        }
        // At once, so that a replica that hangs takes no other database's time.
        databases.all().stream()
                .map(database -> CompletableFuture.runAsync(() -> last(database, end), GracefulShutdown::daemon)
                        .exceptionally(defect -> reported(database, defect)))
                .toList()
                .forEach(CompletableFuture::join);
        Duration left = Duration.ofNanos(end - System.nanoTime());
        giveLeasesBack(left);
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

    /** So that whoever waits for one need not wait until it expires; replicas that hang are not waited for. */
    private void giveLeasesBack(Duration most) {
        List<Thread> threads = new ArrayList<>();
        for (Database database : databases.all()) {
            Thread thread = new Thread(database.lease()::giveBack, "lease back " + database.name());
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        long end = System.nanoTime() + most.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void last(Database database, long end) {
        Duration left = Duration.ofNanos(end - System.nanoTime()).minus(REAP);
        boolean wanted = database.settings().snapshot().onShutdown() && database.ready() && !database.missing();
        if (wanted && left.toMillis() > TimeUnit.SECONDS.toMillis(1)) {
            snapshots.last(database, SnapshotRequest.beforeStop(left));
        } else if (wanted) {
            LOG.warnf("%s: no time left for a last snapshot within the grace", database.name());
        }
    }
}
