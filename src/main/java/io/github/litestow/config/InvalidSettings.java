package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every mistake in the settings, through code that cannot throw checked exceptions: start-up, CDI and
 * configuration sources. {@link StartupErrors} takes them out again.
 */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<Failure> mistakes;

    /** Carries the mistakes, at least one. */
    public InvalidSettings(List<Failure> mistakes) {
        super(mistakes.stream().map(Failure::getMessage).collect(Collectors.joining("\n")), mistakes.get(0));
        this.mistakes = List.copyOf(mistakes);
    }

    /** Returns the mistakes, each of kind {@code SETTINGS} and of one line. */
    public List<Failure> mistakes() {
        return mistakes;
    }
}
