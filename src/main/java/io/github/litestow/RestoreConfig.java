package io.github.litestow;

import io.github.litestow.config.Rules;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;

/** What happens at start-up. */
public interface RestoreConfig {
    /** Returns whether a missing database is restored; empty means: unless it is offloaded and of a group. */
    @WithConverter(Rules.StrictBoolean.class)
    Optional<Boolean> onStart();

    /** Returns whether an empty replica is a failure. */
    @WithDefault("false")
    @WithConverter(Rules.StrictBoolean.class)
    boolean required();

    /** Returns whether a damaged newest point may be passed over. */
    @WithName("on-damage")
    @WithDefault("fail")
    @WithConverter(Rules.FailOrFallback.class)
    boolean fallback();
}
