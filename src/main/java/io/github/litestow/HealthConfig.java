package io.github.litestow;

import io.github.litestow.config.Rules;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** What counts as fresh. */
public interface HealthConfig {
    /** Returns the age above which a backup is stale; empty when it follows from the schedule. */
    @WithConverter(Rules.Positive.class)
    Optional<Duration> maxAge();

    /** Returns whether a stale backup takes readiness down too. */
    @WithName("readiness")
    @WithDefault("restored")
    @WithConverter(Rules.RestoredOrFresh.class)
    boolean readinessNeedsFresh();
}
