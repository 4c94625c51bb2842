package io.github.litestow.config;

import java.util.Set;

/**
 * What people want to be told of. Immutable.
 *
 * @param events may be empty: nothing
 */
public record NotifyEvents(Set<NotifyEvent> events) {
    /** Copies the set. */
    public NotifyEvents {
        events = Set.copyOf(events);
    }
}
