package io.github.litestow.service;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.ThreadLanes;
import io.github.litestow.outcome.NameList;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.TimeText;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
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
    private final GroupSlots groups;
    private final LaunchMode launchMode;

    /** Wires the stop. */
    public GracefulShutdown(
            ConfiguredService settings,
            Databases databases,
            RunExecutor runs,
            Snapshots snapshots,
            RestoreOnStartup startUp,
            SnapshotScheduler cron,
            GroupSlots groups,
            LaunchMode launchMode) {
        this.settings = settings;
        this.databases = databases;
        this.runs = runs;
        this.snapshots = snapshots;
        this.startUp = startUp;
        this.cron = cron;
        this.groups = groups;
        this.launchMode = launchMode;
    }

    void stopping(@Observes ShutdownEvent event) {
        Deadline grace = new Deadline(System::nanoTime, settings.shutdownGrace());
        if (launchMode.serving()) {
            cron.close();
            startUp.stop();
        }
        if (!runs.stop(settings.shutdownGrace())) {
            LOG.warnf("a run did not end within the grace of %s", TimeText.limit(settings.shutdownGrace()));
            return;
        }
        if (launchMode.serving()) {
            endAll(grace);
            // With them every database of a group is free.
            databases.giveBack();
        }
    }

    /**
     * Some at once at each replica host, so that one that hangs takes no other database's time. What did not
     * change needs nothing; of the others that one is first whose changes may have waited longest.
     */
    private void endAll(Deadline grace) {
        List<Database> all = Stream.concat(
                        databases.all().stream()
                                .filter(database -> database.settings().group().isEmpty()),
                        settings.groups().stream().flatMap(group -> groups.changed(group).stream()))
                .toList();
        Set<String> left = ConcurrentHashMap.newKeySet();
        all.stream().filter(this::wanted).map(Database::name).forEach(left::add);
        try (ThreadLanes threads = new ThreadLanes("last snapshot", AT_ONCE_PER_HOST)) {
            CompletableFuture<?>[] ends = all.stream()
                    .map(database -> CompletableFuture.runAsync(
                            () -> end(database, grace, left),
                            threads.at(database.settings().replicaHost())))
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(ends).get(grace.left().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf(
                    "not all was done within the grace of %s; what leases are left expire",
                    TimeText.limit(settings.shutdownGrace()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("each end reports its own trouble", e);
        }
        if (!left.isEmpty()) {
            LOG.warnf(
                    "%d of %d databases are left without a last snapshot within the grace of %s: %s. The next start makes"
                            + " up for it; LITESTOW_SHUTDOWN_GRACE gives them longer",
                    left.size(), all.size(), TimeText.limit(settings.shutdownGrace()), NameList.of(left));
        }
    }

    /** A defect must keep neither this lease nor those of others; whoever waits need not until it expires. */
    private void end(Database database, Deadline grace, Set<String> left) {
        reporting(database, "in the last snapshot", () -> last(database, grace, left));
        reporting(database, "while the lease was given back", database.lease()::giveBack);
    }

    private static void reporting(Database database, String where, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "%s: defect %s", database.name(), where);
        }
    }

    private boolean wanted(Database database) {
        return database.settings().snapshot().onShutdown() && database.ready() && !database.missing();
    }

    private void last(Database database, Deadline grace, Set<String> left) {
        if (database.settings().group().isPresent() && groups.foundQuiet(database)) {
            left.remove(database.name());
            return;
        }
        Duration time = grace.left().minus(REAP);
        if (wanted(database) && time.toMillis() > TimeUnit.SECONDS.toMillis(1)) {
            Outcome outcome =
                    snapshots.last(database, SnapshotRequest.beforeStop(time)).result();
            if (outcome.agreed()) {
                left.remove(database.name());
            }
        }
    }
}
