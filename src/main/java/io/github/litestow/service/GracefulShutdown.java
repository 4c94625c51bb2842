package io.github.litestow.service;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.ThreadLanes;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** Where many have changed, those that begin shall end: engines take turns, and each start costs. */
    private static final int AT_ONCE_PER_HOST = 8;

    private final ConfiguredService settings;
    private final Databases databases;
    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final RestoreOnStartup startUp;
    private final SnapshotScheduler cron;
    private final LaunchMode launchMode;

    /** Wires the stop. */
    public GracefulShutdown(
            ConfiguredService settings,
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
        Deadline grace = new Deadline(System::nanoTime, settings.shutdownGrace());
        if (launchMode.serving()) {
            cron.close();
            startUp.stop();
        }
        if (!runs.stop(settings.shutdownGrace())) {
            LOG.warnf("a run did not end within the grace of %s", settings.shutdownGrace());
            return;
        }
        if (launchMode.serving()) {
            endAll(grace);
        }
    }

    /** Some at once at each replica host, so that one that hangs takes no other database's time. */
    private void endAll(Deadline grace) {
        try (ThreadLanes threads = new ThreadLanes("last snapshot", AT_ONCE_PER_HOST)) {
            CompletableFuture<?>[] ends = databases.all().stream()
                    .map(database -> CompletableFuture.runAsync(
                            () -> end(database, grace),
                            threads.at(database.settings().replicaHost())))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(ends).get(grace.left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf("not all was done within the grace of %s; what leases are left expire", settings.shutdownGrace());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("each end reports its own trouble", e);
        }
    }

    /** A defect must keep neither this lease nor those of others; whoever waits need not until it expires. */
    private void end(Database database, Deadline grace) {
        reporting(database, "in the last snapshot", () -> last(database, grace));
        reporting(database, "while the lease was given back", database.lease()::giveBack);
    }

    private static void reporting(Database database, String where, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s: defect %s", database.name(), where);
        }
    }

    private void last(Database database, Deadline grace) {
        Duration left = grace.left().minus(REAP);
        boolean wanted = database.settings().snapshot().onShutdown() && database.ready() && !database.missing();
        if (wanted && left.toMillis() > TimeUnit.SECONDS.toMillis(1)) {
            snapshots.last(database, SnapshotRequest.beforeStop(left));
        } else if (wanted) {
            LOG.warnf("%s: no time left for a last snapshot within the grace", database.name());
        }
    }
}
