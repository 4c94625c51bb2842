package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.HealthType;
import io.smallrye.health.registry.HealthRegistries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * One check per database and question: is it restored (startup, readiness), is its backup fresh
 * (group {@code freshness}). Liveness asks neither: a restart mends no replica.
 */
@ApplicationScoped
public class HealthChecks {
    private final ConfiguredService settings;
    private final StatusService status;

    /** Answers from {@code status}. */
    public HealthChecks(ConfiguredService settings, StatusService status) {
        this.settings = settings;
        this.status = status;
    }

    /** Registers the checks; each is asked only when its endpoint is. */
    void register(@Observes StartupEvent event) {
        for (DatabaseGroup group : settings.groups()) {
            registerGroup(group);
        }
        if (!FleetMetrics.oneByOne(settings)) {
            register(
                    "all databases",
                    settings.databases().get(0).health().readinessNeedsFresh(),
                    () -> settings.databases().stream().allMatch(status::ready));
            return;
        }
        for (ConfiguredDatabase database : settings.databases()) {
            // The two that /q/health shows beside each other have names of their own.
            String id = "database " + database.name();
            String start = "start of " + id;
            HealthRegistries.getRegistry(HealthType.STARTUP)
                    .register(start, () -> check(start, database, known -> status.ready(database)));
            HealthRegistries.getRegistry(HealthType.READINESS)
                    .register(
                            id,
                            () -> check(
                                    id,
                                    database,
                                    known -> status.ready(database)
                                            && known.unlocked().isEmpty()
                                            && freshEnough(known, database)));
            HealthRegistries.getHealthGroupRegistry("freshness")
                    .register(
                            id,
                            () -> check(id, database, known -> known.backup().acceptable(database)));
        }
    }

    /** One check for all of a group, however many they are. */
    private void registerGroup(DatabaseGroup group) {
        register(group.title(), group.settings().health().readinessNeedsFresh(), () -> status.ready(group));
    }

    private void register(String id, boolean needsFresh, BooleanSupplier ready) {
        String start = "start of " + id;
        HealthRegistries.getRegistry(HealthType.STARTUP)
                .register(start, () -> HealthPayload.of(start, status.fleet(), ready.getAsBoolean()));
        HealthRegistries.getRegistry(HealthType.READINESS)
                .register(
                        id,
                        () -> HealthPayload.of(
                                id,
                                status.fleet(),
                                ready.getAsBoolean()
                                        && status.allLocked()
                                        && (!needsFresh || status.fleet().alarming() == 0)));
        HealthRegistries.getHealthGroupRegistry("freshness")
                .register(
                        id,
                        () -> HealthPayload.of(
                                id, status.fleet(), status.fleet().alarming() == 0));
    }

    private static boolean freshEnough(DatabaseStatus known, ConfiguredDatabase database) {
        return !database.health().readinessNeedsFresh() || known.backup().acceptable(database);
    }

    private HealthCheckResponse check(String name, ConfiguredDatabase database, Predicate<DatabaseStatus> up) {
        return status.of(database)
                .map(known -> HealthPayload.of(name, known, up.test(known)))
                .orElseGet(() -> HealthCheckResponse.down(name));
    }
}
