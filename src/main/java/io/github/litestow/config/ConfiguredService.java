package io.github.litestow.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The validated settings of the whole service.
 *
 * @param databases every database that is configured by itself, in name order
 * @param groups every group of databases, in name order; there is a database or a group
 * @param litestreamBinary the configured engine; empty means {@code PATH}, then the build's copy
 * @param shutdownGrace how long a stop may take, positive
 * @param apiToken what HTTP actions need; empty means they are off
 * @param concurrency how many engine processes that move data may run at once, 1 or more
 * @param discoveryEvery how often the folders of groups are looked through, positive
 * @param metricsPerDatabase above how many databases only the worst have series of their own, 0 or more
 * @param page whether people are shown a page
 * @param telling who is told of what happens
 * @param shard which part of the databases of groups this service has; empty means all of them
 */
public record ConfiguredService(
        List<ConfiguredDatabase> databases,
        List<DatabaseGroup> groups,
        Optional<Path> litestreamBinary,
        Duration shutdownGrace,
        Optional<Secret> apiToken,
        int concurrency,
        Duration discoveryEvery,
        int metricsPerDatabase,
        boolean page,
        NotifySettings telling,
        Optional<Shard> shard) {
    private static final Duration DISCOVERY_EVERY = Duration.ofMinutes(1);
    private static final int METRICS_PER_DATABASE = 100;

    /** Copies the lists. */
    public ConfiguredService {
        databases = List.copyOf(databases);
        groups = List.copyOf(groups);
    }

    /** A service of databases that are each configured by itself, of which nobody is told anything. */
    public ConfiguredService(
            List<ConfiguredDatabase> databases,
            Optional<Path> litestreamBinary,
            Duration shutdownGrace,
            Optional<Secret> apiToken,
            int concurrency) {
        this(
                databases,
                List.of(),
                litestreamBinary,
                shutdownGrace,
                apiToken,
                concurrency,
                DISCOVERY_EVERY,
                METRICS_PER_DATABASE,
                true,
                NotifySettings.NOBODY,
                Optional.empty());
    }
}
