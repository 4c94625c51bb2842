package io.github.litestow.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told of what happens. Immutable; the targets hold secrets and print without them.
 *
 * @param targets whom to tell; none by default
 * @param on what they are told of
 * @param remind after which time they are told again of what is still so; never, if empty
 * @param publicUrl where people reach the service, without a slash at the end
 */
public record NotifySettings(
        List<NotifyTarget> targets, NotifyEvents on, Optional<Duration> remind, Optional<String> publicUrl) {
    /** Nobody is told. */
    public static final NotifySettings NOBODY =
            new NotifySettings(List.of(), new NotifyEvents(Set.of()), Optional.empty(), Optional.empty());

    /** Copies the list. */
    public NotifySettings {
        targets = List.copyOf(targets);
    }
}
