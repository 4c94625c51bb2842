package io.github.litestow.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The validated settings of the whole service.
 *
 * @param databases every configured database, in name order, at least one
 * @param litestreamBinary the configured engine; empty means {@code PATH}, then the build's copy
 * @param shutdownGrace how long a stop may take, positive
 * @param apiToken what HTTP actions need; empty means they are off
 * @param concurrency how many engine processes that move data may run at once, 1 or more
 * @param telling who is told of what happens
 */
public record ConfiguredService(
        List<ConfiguredDatabase> databases,
        Optional<Path> litestreamBinary,
        Duration shutdownGrace,
        Optional<Secret> apiToken,
        int concurrency,
        NotifySettings telling) {

    /** Copies the list. */
    public ConfiguredService {
        databases = List.copyOf(databases);
    }

    /** Settings by which nobody is told of anything. */
    public ConfiguredService(
            List<ConfiguredDatabase> databases,
            Optional<Path> litestreamBinary,
            Duration shutdownGrace,
            Optional<Secret> apiToken,
            int concurrency) {
        this(databases, litestreamBinary, shutdownGrace, apiToken, concurrency, NotifySettings.NOBODY);
    }
}
