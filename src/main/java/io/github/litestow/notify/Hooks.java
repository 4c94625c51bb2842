package io.github.litestow.notify;

import io.github.litestow.TellingConfig;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.EffectiveSettings;
import io.github.litestow.control.Cancellation;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.control.Deadline;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.NotificationMetrics;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunGate;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Commands of a person's own: one before each snapshot, which is skipped when it fails, and one after each
 * run, whose end nobody waits for but a process that is about to end. And the beginning of heartbeats.
 */
@ApplicationScoped
public class Hooks implements RunGate {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.notify");
    private static final String CHANNEL = "hook";
    private static final int AT_ONCE = 2;
    /** A service that stops has a grace, which is for the last snapshot. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Databases databases;
    private final Heartbeats heartbeats;
    private final MeterRegistry registry;
    private final HookProcess process = new HookProcess(EffectiveSettings::secretVariable);
    private final DaemonThreads threads = new DaemonThreads("hooks", AT_ONCE);
    private final Cancellation stop = new Cancellation();
    /** The commands that are not at their end, and this. */
    private final Phaser atWork = new Phaser(1);

    private final boolean serving;
    private volatile Duration longest = Duration.ZERO;

    /** Wires the commands; {@code heartbeats} are told of what begins. */
    public Hooks(Databases databases, Heartbeats heartbeats, MeterRegistry registry, LaunchMode launchMode) {
        this.serving = launchMode.serving();
        this.databases = databases;
        this.heartbeats = heartbeats;
        this.registry = registry;
    }

    @Override
    public Optional<String> begins(
            Database database, Operation operation, Deadline deadline, Cancellation cancellation) {
        heartbeats.begins(database.settings(), operation);
        Optional<String> command = hook(database.settings()).before();
        if (command.isEmpty() || operation != Operation.SNAPSHOT) {
            return Optional.empty();
        }
        Duration timeout = hook(database.settings()).timeout();
        Duration left = deadline.left();
        Map<String, String> variables =
                Map.of("LITESTOW_DATABASE", database.name(), "LITESTOW_OPERATION", operation.label());
        Optional<String> wrong =
                process.run(command.get(), variables, left.compareTo(timeout) < 0 ? left : timeout, cancellation);
        count(wrong);
        return wrong.map(why -> "LITESTOW_HOOK_BEFORE says no: " + why);
    }

    /** Called by the run, which goes on at once. A run that did not begin is followed by nothing. */
    void ended(@Observes RunRecord run) {
        if (run.result().which() != Outcome.Case.SKIPPED) {
            databases.named(run.database()).ifPresent(database -> after(database.settings(), run));
        }
    }

    private void after(ConfiguredDatabase settings, RunRecord run) {
        hook(settings).after().ifPresent(command -> {
            Duration timeout = hook(settings).timeout();
            longest = longest.compareTo(timeout) < 0 ? timeout : longest;
            atWork.register();
            threads.execute(() -> {
                try {
                    Optional<String> wrong = process.run(command, variables(run), timeout, stop);
                    count(wrong);
                    wrong.ifPresent(why -> LOG.warnf(
                            "%s: LITESTOW_HOOK_AFTER: %s. The run is not changed by it", run.database(), why));
                } finally {
                    atWork.arriveAndDeregister();
                }
            });
        });
    }

    private static Map<String, String> variables(RunRecord run) {
        Map<String, String> variables = new HashMap<>();
        variables.put("LITESTOW_DATABASE", run.database());
        variables.put("LITESTOW_OPERATION", run.operation().label());
        variables.put("LITESTOW_OUTCOME", run.result().label());
        variables.put(
                "LITESTOW_TXID",
                run.result().restorePoint().map(RestorePoint::txid).orElse(""));
        variables.put(
                "LITESTOW_KIND",
                run.result().failure().map(failed -> failed.kind().label()).orElse(""));
        return variables;
    }

    private void count(Optional<String> wrong) {
        NotificationMetrics.counter(registry, CHANNEL, wrong.isEmpty() ? "delivered" : "failed")
                .increment();
    }

    private static TellingConfig.Hook hook(ConfiguredDatabase settings) {
        return settings.hook();
    }

    /** A one-shot command waits for what follows its runs, within its own deadline; the service only for an instant. */
    void stopping(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) ShutdownEvent event)
            throws InterruptedException {
        Duration most = serving && longest.compareTo(LAST_WORDS) > 0 ? LAST_WORDS : longest;
        try {
            atWork.awaitAdvanceInterruptibly(atWork.arrive(), most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException left) {
            LOG.warn("LITESTOW_HOOK_AFTER was ended, because this process ends");
        }
        threads.close();
        stop.cancel();
    }
}
