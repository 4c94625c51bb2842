package io.github.litestow;

import io.github.litestow.config.Rules;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is kept of replaced files. */
public interface QuarantineConfig {
    /** Returns how long replaced files are kept. */
    @WithDefault("P30D")
    @WithConverter(Rules.NotNegative.class)
    Duration keepFor();

    /** Returns how many bytes of them are kept. */
    @WithDefault("10G")
    @WithConverter(Rules.Size.class)
    long keepBytes();
}
