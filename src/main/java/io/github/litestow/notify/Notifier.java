package io.github.litestow.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.NotifySettings;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.mailer.Mailer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Has people told: looks at a database when a run of it ended, and at all of them now and then, because
 * what is overdue is nobody's run. One thread does it all.
 */
@ApplicationScoped
public class Notifier {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    /** The first look is not at once: after a time of being down a first snapshot makes up for it. */
    private static final Duration LOOK = Duration.ofMinutes(2);

    /** A service that stops has a grace, which is for the last snapshot. */
    private static final Duration LAST_WORDS_OF_SERVICE = Duration.ofSeconds(2);

    private static final Duration LAST_WORDS_OF_COMMAND = Duration.ofSeconds(5);

    private final NotifySettings settings;
    private final Databases databases;
    private final StatusService status;
    private final LaunchMode launchMode;
    private final DaemonThreads thread = new DaemonThreads("notify", 1);
    private final Telling telling;

    /** Wires it; nobody is called yet. */
    public Notifier(
            ConfiguredService settings,
            Databases databases,
            StatusService status,
            LaunchMode launchMode,
            Clock clock,
            ObjectMapper json,
            MeterRegistry registry,
            Instance<Mailer> mailer) {
        this.settings = settings.telling();
        this.databases = databases;
        this.status = status;
        this.launchMode = launchMode;
        this.telling = new Telling(
                this.settings,
                Channels.of(this.settings.targets(), json, mailer, LIMIT),
                thread,
                FIRST_PAUSE,
                clock,
                json,
                registry);
    }

    private boolean anybody() {
        return !settings.targets().isEmpty();
    }

    void started(@Observes StartupEvent event) {
        if (anybody() && launchMode.serving()) {
            thread.every(LOOK, () -> databases.all().forEach(this::look));
        }
    }

    /** Called by the run, which goes on at once. */
    void ended(@Observes RunRecord run) {
        if (anybody()) {
            thread.execute(() -> databases.named(run.database()).ifPresent(database -> {
                look(database);
                known(database).ifPresent(known -> telling.news(run, known));
            }));
        }
    }

    private void look(Database database) {
        known(database)
                .ifPresent(known -> telling.look(
                        database.settings(), known, database.journal().state()));
    }

    private Optional<DatabaseStatus> known(Database database) {
        return status.of(database.settings());
    }

    /** After the last runs: what they had to tell is tried once. */
    void stopping(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event)
            throws InterruptedException {
        if (anybody()) {
            Duration most = launchMode.serving() ? LAST_WORDS_OF_SERVICE : LAST_WORDS_OF_COMMAND;
            Deadline deadline = new Deadline(System::nanoTime, most);
            CountDownLatch looked = new CountDownLatch(1);
            thread.execute(looked::countDown);
            if (looked.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                telling.drain(deadline.left());
            }
            thread.close();
        }
    }
}
