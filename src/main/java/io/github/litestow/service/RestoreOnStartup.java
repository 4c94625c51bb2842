package io.github.litestow.service;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.control.ThreadLanes;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.restore.Restores;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Brings each database back when the service starts, then lets cron have it ({@link DatabaseStart}).
 * Works on threads of its own: HTTP opens only after the observer returned, and probes must be
 * answered meanwhile.
 */
@ApplicationScoped
public class RestoreOnStartup {
    private static final int STEPS_PER_HOST = 8;

    private final Databases databases;
    private final Restores restores;
    private final SnapshotScheduler cron;
    private final GroupStart groups;
    private final LaunchMode launchMode;

    /** For what ends within a call's limit or so, and tries again later rather than wait. */
    private final ThreadLanes steps = new ThreadLanes("start-up", STEPS_PER_HOST);

    /** For what moves data and may take hours, so that nobody's first steps wait for it. */
    private final ThreadLanes runs;

    /** Wires the start. */
    public RestoreOnStartup(
            ConfiguredService settings,
            Databases databases,
            Restores restores,
            SnapshotScheduler cron,
            GroupStart groups,
            LaunchMode launchMode) {
        this.databases = databases;
        this.restores = restores;
        this.cron = cron;
        this.groups = groups;
        this.launchMode = launchMode;
        // Twice as many as engines may work: much of a run is not the engine's.
        this.runs = new ThreadLanes("start-up run", 2 * settings.concurrency());
    }

    void started(@Observes StartupEvent event) {
        if (!launchMode.serving()) {
            return;
        }
        cron.open();
        for (Database database : databases.all()) {
            String host = database.settings().replicaHost();
            new DatabaseStart(database, restores, cron, launchMode.describe(), steps.at(host), runs.at(host)).begin();
        }
        groups.begin(steps, runs);
    }

    /** Ends the waiting between attempts; what runs is ended by {@link GracefulShutdown}. */
    void stop() {
        groups.stop();
        steps.close();
        runs.close();
    }
}
