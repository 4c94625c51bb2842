package io.github.litestow.config;

import java.util.Objects;

/** A value that must not be seen: it prints as {@code ***}, and only {@link #reveal()} shows it. */
public final class Secret {
    private final String value;

    /** Wraps a value, which must not be empty. */
    public Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an empty secret");
        }
        this.value = value;
    }

    /** Returns the value. Never pass it to a log, a message or an argument list. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(value);
    }

    @Override
    public String toString() {
        return "***";
    }
}
