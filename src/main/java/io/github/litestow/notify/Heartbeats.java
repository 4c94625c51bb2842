package io.github.litestow.notify;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.Secret;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.NotificationMetrics;
import io.github.litestow.run.Databases;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Calls what misses a silent service: a check of Healthchecks' kind, or the push URL of a monitor. Where
 * several databases share an address, it is well only when all of them are. One thread does it all, and
 * of what waits for an address only the newest is of interest.
 */
@ApplicationScoped
public class Heartbeats {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.notify");
    private static final String CHANNEL = "heartbeat";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 4;

    private final ConfiguredService settings;
    private final Databases databases;
    private final MeterRegistry registry;
    private final WebCalls calls;
    private final Duration firstPause;
    private final DaemonThreads thread = new DaemonThreads("heartbeats", 1);
    private final Map<Secret, HeartbeatCall> newest = new ConcurrentHashMap<>();

    /** Wires it; nobody is called yet. */
    @Inject
    public Heartbeats(ConfiguredService settings, Databases databases, MeterRegistry registry) {
        this(settings, databases, registry, FIRST_PAUSE);
    }

    Heartbeats(ConfiguredService settings, Databases databases, MeterRegistry registry, Duration firstPause) {
        this.settings = settings;
        this.databases = databases;
        this.registry = registry;
        this.firstPause = firstPause;
        this.calls = new WebCalls(LIMIT);
    }

    /** A run begins. Returns at once. */
    void begins(ConfiguredDatabase database, Operation operation) {
        database.heartbeat()
                .filter(url -> operation == Operation.SNAPSHOT && alone(url) && !HeartbeatCall.template(url))
                .ifPresent(url -> call(url, HeartbeatCall.begins()));
    }

    /** A run ended. Returns at once. */
    void ended(@Observes RunRecord run) {
        databases
                .named(run.database())
                .ifPresent(database -> database.settings().heartbeat().ifPresent(url -> {
                    Optional<Outcome.Failed> failed = run.result().failure();
                    if (failed.isPresent()) {
                        call(url, HeartbeatCall.failed(run, failed.get()));
                    } else if (wellBy(run) && allWell(url)) {
                        call(url, HeartbeatCall.well(run));
                    }
                }));
    }

    /** What was skipped says nothing, and what restored a file elsewhere nothing of the backup. */
    private static boolean wellBy(RunRecord run) {
        return switch (run.result().which()) {
            case OFFLOADED, SNAPSHOTTED, UNCHANGED, VERIFIED, NOTHING_TO_SNAPSHOT -> true;
            case RESTORED, ALREADY_PRESENT, NOTHING_TO_RESTORE, SKIPPED, FAILED -> false;
        };
    }

    private boolean alone(Secret url) {
        return settings.databases().stream()
                        .filter(other -> other.heartbeat().equals(Optional.of(url)))
                        .count()
                == 1;
    }

    private boolean allWell(Secret url) {
        return settings.databases().stream()
                .filter(other -> other.heartbeat().equals(Optional.of(url)))
                .flatMap(other -> databases.named(other.name()).stream())
                .allMatch(other -> other.journal().state().lastFailure().isEmpty() && !other.nothingYet());
    }

    private void call(Secret url, HeartbeatCall call) {
        newest.put(url, call);
        thread.execute(() -> attempt(url, call, 1));
    }

    private void attempt(Secret url, HeartbeatCall call, int attempt) {
        if (attempt > 1 && newest.get(url) != call) {
            return;
        }
        try {
            call.make(url, calls);
            NotificationMetrics.counter(registry, CHANNEL, "delivered").increment();
        } catch (Failure e) {
            NotificationMetrics.counter(registry, CHANNEL, "failed").increment();
            if (attempt < ATTEMPTS) {
                LOG.debugf("the heartbeat was not taken: %s", e.getMessage());
                thread.after(firstPause.multipliedBy(1L << (2 * attempt - 2)), () -> attempt(url, call, attempt + 1));
            } else {
                LOG.warnf("the heartbeat was not taken: %s. Backups go on; the next run tries again", e.getMessage());
            }
        }
    }

    /** After the last runs: what they had to say is tried once. */
    void stopping(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event)
            throws InterruptedException {
        if (!newest.isEmpty()) {
            CountDownLatch tried = new CountDownLatch(1);
            thread.execute(tried::countDown);
            if (!tried.await(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the last heartbeat was not taken in time");
            }
        }
        thread.close();
    }
}
