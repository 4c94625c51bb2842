package io.github.litestow.config;

import java.util.Locale;

/** Which retention a bucket must have by default, so that nobody takes away what is there. */
public enum ObjectLock {
    /** None is asked for. */
    OFF,
    /** At least one that special permissions can lift. */
    GOVERNANCE,
    /** One that nobody can lift. */
    COMPLIANCE;

    /** Returns how it is written in the settings. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
