package io.github.litestow.settings;

import io.github.litestow.outcome.Failure;

/**
 * Carries a settings {@link Failure} through code that cannot throw checked exceptions: start-up,
 * CDI and configuration sources. {@link SettingsReader#explain(Throwable)} takes it out again.
 */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    /** Wraps the failure, which also becomes the message and the cause. */
    public InvalidSettings(Failure failure) {
        super(failure.getMessage(), failure);
        this.failure = failure;
    }

    /** Returns what was carried. */
    public Failure failure() {
        return failure;
    }
}
