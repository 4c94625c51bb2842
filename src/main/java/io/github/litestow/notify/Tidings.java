package io.github.litestow.notify;

import io.github.litestow.config.NotifyEvent;
import io.github.litestow.config.NotifySettings;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.RunTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides what is told: each change of state once, a reminder of what stays so, and the end of what was
 * told. Pure; what was told before is {@link Told}.
 */
final class Tidings {
    /** Nobody wants to hear of a recovery that is older. */
    private static final Duration OLD_NEWS = Duration.ofDays(7);

    private final NotifySettings settings;
    private final Set<String> channels;

    /**
     * Decides by these settings.
     *
     * @param channels everybody there is to be told
     */
    Tidings(NotifySettings settings, Set<String> channels) {
        this.settings = settings;
        this.channels = Set.copyOf(channels);
    }

    /**
     * Returns what is told once those who have not heard of it yet have.
     *
     * @param told what was told before
     * @param conditions what is wrong now
     */
    Told next(Told told, List<Condition> conditions, Optional<Told.ReplicaSize> week, Instant now) {
        List<Told.Entry> entries = new ArrayList<>();
        for (Condition condition : conditions) {
            if (settings.on().events().contains(condition.event())) {
                entries.add(told.entry(condition.event())
                        .map(before -> again(before, condition, now))
                        .orElseGet(() -> first(condition, now)));
            }
        }
        Set<NotifyEvent> still = entries.stream().map(Told.Entry::event).collect(Collectors.toSet());
        List<Told.Entry> over = told.entries().stream()
                .filter(entry -> entry.event() != NotifyEvent.RECOVERY && !still.contains(entry.event()))
                .toList();
        recovery(told.entry(NotifyEvent.RECOVERY), over, now).ifPresent(entries::add);
        return new Told(entries, week);
    }

    private Told.Entry first(Condition condition, Instant now) {
        return new Told.Entry(
                condition.event(),
                condition.since(),
                condition.kind().stream().toList(),
                now,
                condition.cause(),
                condition.hint(),
                false,
                channels);
    }

    private Told.Entry again(Told.Entry before, Condition condition, Instant now) {
        // What a clock that was ahead wrote down would silence it for as long.
        boolean remind = settings.remind()
                .filter(pause -> !RunTime.lately(before.told(), pause, now))
                .isPresent();
        boolean otherKind =
                condition.kind().filter(kind -> !before.kinds().contains(kind)).isPresent();
        if (!remind && !otherKind) {
            Set<String> pending = new TreeSet<>(before.pending());
            pending.retainAll(channels);
            return before.pending(pending);
        }
        Set<FailureKind> kinds = new TreeSet<>(before.kinds());
        condition.kind().ifPresent(kinds::add);
        return new Told.Entry(
                before.event(),
                before.since(),
                List.copyOf(kinds),
                now,
                condition.cause(),
                condition.hint(),
                !otherKind,
                channels);
    }

    /** Only those hear that it is over who have heard of it. */
    private Optional<Told.Entry> recovery(Optional<Told.Entry> before, List<Told.Entry> over, Instant now) {
        Set<String> pending = new TreeSet<>();
        before.filter(entry -> entry.told().plus(OLD_NEWS).isAfter(now))
                .ifPresent(entry -> pending.addAll(entry.pending()));
        Set<String> heard = new TreeSet<>();
        for (Told.Entry entry : over) {
            Set<String> some = new TreeSet<>(channels);
            some.removeAll(entry.pending());
            heard.addAll(some);
        }
        pending.addAll(heard);
        pending.retainAll(channels);
        if (pending.isEmpty() || !settings.on().events().contains(NotifyEvent.RECOVERY)) {
            return Optional.empty();
        }
        if (heard.isEmpty()) {
            return before.map(entry -> entry.pending(pending));
        }
        Instant since =
                over.stream().map(Told.Entry::since).min(Instant::compareTo).orElse(now);
        String what = over.stream().map(entry -> entry.event().label()).collect(Collectors.joining(" and "));
        return Optional.of(
                new Told.Entry(NotifyEvent.RECOVERY, since, List.of(), now, what + ": it is over", "", false, pending));
    }
}
