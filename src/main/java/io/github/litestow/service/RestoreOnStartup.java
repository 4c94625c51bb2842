package io.github.litestow.service;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.sqlite.StateFolder;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Brings each database back when the service starts, then lets cron have it. Works on threads of its
 * own: HTTP opens only after the observer returned, and probes must be answered meanwhile.
 */
@ApplicationScoped
public class RestoreOnStartup {
    private static final Logger LOG = Logger.getLogger(RestoreOnStartup.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LEASE_POLL = Duration.ofSeconds(1);

    private final Databases databases;
    private final Restores restores;
    private final SnapshotScheduler cron;
    private final LaunchMode launchMode;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** Wires the start. */
    public RestoreOnStartup(Databases databases, Restores restores, SnapshotScheduler cron, LaunchMode launchMode) {
        this.databases = databases;
        this.restores = restores;
        this.cron = cron;
        this.launchMode = launchMode;
    }

    void started(@Observes StartupEvent event) {
        if (!launchMode.serving()) {
            return;
        }
        cron.open();
        for (Database database : databases.all()) {
            Thread worker = new Thread(() -> bringBack(database), "start-up " + database.name());
            worker.setDaemon(true);
            worker.start();
        }
    }

    /** Ends the waiting between attempts; what runs is ended by {@link GracefulShutdown}. */
    void stop() {
        stopping.countDown();
    }

    private void bringBack(Database database) {
        boolean missing = database.missing();
        boolean there = untilTrue(database, () -> claimed(database))
                && leased(database)
                && (!database.settings().restore().onStart() || untilTrue(database, () -> restored(database, missing)));
        if (there && stopping.getCount() > 0) {
            database.markReady();
            cron.schedule(database);
            database.testConditionalWrites();
        }
    }

    /** Tries again and again, with longer and longer pauses; returns whether it came to be true. */
    private boolean untilTrue(Database database, BooleanSupplier attempt) {
        Duration pause = FIRST_PAUSE;
        while (!attempt.getAsBoolean()) {
            LOG.warnf("%s: next attempt in %d s; not ready until then", database.name(), pause.toSeconds());
            if (stoppedWithin(pause)) {
                return false;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return true;
    }

    private boolean claimed(Database database) {
        try {
            // For as long as this process lives: what it takes is never given back.
            StateFolder.ensure(database.settings());
            database.lock().host().take(launchMode.describe());
            return true;
        } catch (Failure e) {
            LOG.errorf("%s: %s. %s", database.name(), e.getMessage(), e.hint());
            return false;
        }
    }

    /**
     * Waits until no other service has the lease; returns whether the start goes on. Without a word
     * from the replica it does so after the lease's time, for a database that is there; one that is
     * missing needs the replica in any case, and its restore says what is wrong.
     */
    private boolean leased(Database database) {
        long begun = System.nanoTime();
        Optional<String> told = Optional.empty();
        while (true) {
            try {
                Optional<String> other = database.lease().keep(launchMode.describe());
                if (other.isEmpty()) {
                    return true;
                }
                if (!other.equals(told)) {
                    LOG.warnf(
                            "%s: the lease of its replica is held by %s; waiting until it is given back or expires,"
                                    + " not ready until then",
                            database.name(), other.get());
                }
                told = other;
            } catch (Failure e) {
                LOG.warnf("%s: no lease yet: %s. %s", database.name(), e.getMessage(), e.hint());
                boolean waited = System.nanoTime() - begun
                        > database.settings().leaseTime().toNanos();
                if (told.isEmpty() && (waited || database.missing())) {
                    return true;
                }
            }
            if (stoppedWithin(LEASE_POLL)) {
                return false;
            }
        }
    }

    /**
     * A database that was missing and is there now, though no restore of ours succeeded, was made by
     * somebody who did not wait for us. It is left alone, and we are not ready.
     */
    private boolean restored(Database database, boolean missing) {
        Outcome outcome = restores.restore(database, atStart(database)).result();
        if (missing && outcome.which() == Outcome.Case.ALREADY_PRESENT) {
            LOG.errorf(
                    "%s: another process made %s before it was restored. Stop it, move that file away or stop the"
                            + " service and run `restore --replace`",
                    database.name(), database.settings().database());
            return false;
        }
        return outcome.failure().isEmpty() && outcome.skipReason().isEmpty();
    }

    private static RestoreRequest atStart(Database database) {
        return RestoreRequest.atStart(
                database.settings().restore().required(),
                database.settings().restore().fallback());
    }

    private boolean stoppedWithin(Duration pause) {
        try {
            return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
