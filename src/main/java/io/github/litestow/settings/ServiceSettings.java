package io.github.litestow.settings;

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
 */
public record ServiceSettings(
        List<DatabaseSettings> databases,
        Optional<Path> litestreamBinary,
        Duration shutdownGrace,
        Optional<Secret> apiToken,
        int concurrency) {

    /** Settings with the default concurrency. */
    public ServiceSettings(
            List<DatabaseSettings> databases,
            Optional<Path> litestreamBinary,
            Duration shutdownGrace,
            Optional<Secret> apiToken) {
        this(databases, litestreamBinary, shutdownGrace, apiToken, processors());
    }

    /** Returns the default of {@link #concurrency}. */
    static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Copies the list. */
    public ServiceSettings {
        databases = List.copyOf(databases);
    }
}
