package io.github.litestow.notify;

import io.github.litestow.config.NotifyEvent;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What was told of one database: what must survive a restart, so that nobody is told again. Immutable.
 *
 * @param entries what is told as being so, and recoveries that not everybody has heard of yet
 * @param replica what the size of the replica is compared with
 */
@RegisterForReflection
record Told(List<Entry> entries, Optional<ReplicaSize> replica) {
    static final Told NOTHING = new Told(List.of(), Optional.empty());

    Told {
        entries = List.copyOf(entries);
        replica = replica == null ? Optional.empty() : replica;
    }

    /**
     * One thing that is told.
     *
     * @param event what it is told as
     * @param since since when it is so
     * @param kinds of failures, the kinds that were told since
     * @param told when it was told last, for the reminder
     * @param cause as told
     * @param hint as told
     * @param reminder whether it was told before
     * @param pending the channels that have not taken it yet
     */
    @RegisterForReflection
    record Entry(
            NotifyEvent event,
            Instant since,
            List<FailureKind> kinds,
            Instant told,
            String cause,
            String hint,
            boolean reminder,
            Set<String> pending) {
        Entry {
            Objects.requireNonNull(event);
            Objects.requireNonNull(since);
            Objects.requireNonNull(told);
            kinds = List.copyOf(kinds);
            pending = Set.copyOf(pending);
        }

        Entry pending(Set<String> channels) {
            return new Entry(event, since, kinds, told, cause, hint, reminder, channels);
        }
    }

    /**
     * A size of the replica, about a week ago.
     *
     * @param at when it was that
     * @param bytes how much it was
     */
    @RegisterForReflection
    record ReplicaSize(Instant at, long bytes) {
        ReplicaSize {
            Objects.requireNonNull(at);
        }
    }

    Optional<Entry> entry(NotifyEvent event) {
        return entries.stream().filter(entry -> entry.event() == event).findFirst();
    }
}
