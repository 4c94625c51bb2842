package io.github.litestow.report;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.HealthType;
import io.smallrye.health.registry.HealthRegistries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
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
    void register(@Observes StartupEvent start) {
        for (ConfiguredDatabase database : settings.databases()) {
            String id = "database " + database.name();
            HealthRegistries.getRegistry(HealthType.STARTUP).register(id, () -> restored(database, false));
            HealthRegistries.getRegistry(HealthType.READINESS)
                    .register(id, () -> restored(database, database.health().readinessNeedsFresh()));
            HealthRegistries.getHealthGroupRegistry("freshness").register(id, () -> fresh(database));
        }
    }

    private HealthCheckResponse restored(ConfiguredDatabase database, boolean freshToo) {
        return status.of(database)
                .map(known -> HealthPayload.of(
                        known,
                        status.ready(database) && (!freshToo || known.backup().acceptable(database))))
                .orElseGet(() -> HealthCheckResponse.down("database " + database.name()));
    }

    private HealthCheckResponse fresh(ConfiguredDatabase database) {
        return status.of(database)
                .map(known -> HealthPayload.of(known, known.backup().acceptable(database)))
                .orElseGet(() -> HealthCheckResponse.down("database " + database.name()));
    }
}
