package io.github.litestow.run;

import io.github.litestow.store.Replica;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run takes for the time: this host's clock, unless the replica's store contradicts it. A clock
 * that is ahead (before the network answers, after a suspended machine wakes) must not make minutes-old
 * restore points old, nor a backup fresh for a year.
 */
public final class RunTime {
    /** More than hosts that are kept in time differ by, and less than matters to a retention in days. */
    public static final Duration MAX_DIFFERENCE = Duration.ofMinutes(5);

    private final Replica replica;
    private final Clock clock;

    /** Reads {@code clock}, and what the store was last seen to say. */
    public RunTime(Replica replica, Clock clock) {
        this.replica = replica;
        this.clock = clock;
    }

    /** Returns the time: the store's where it contradicts this host's. */
    public Instant now() {
        Instant here = clock.instant();
        return replica.time().filter(there -> differs(here, there)).orElse(here);
    }

    /** Returns what a person must know when the store contradicts this host's clock; empty when it does not. */
    public Optional<String> contradiction() {
        Instant here = clock.instant();
        return replica.time()
                .filter(there -> differs(here, there))
                .map(there -> "the clock of this host says " + here + ", and what is written to the replica is dated "
                        + there);
    }

    /** Returns whether a time was reached, as far as clocks of several hosts can say: in the future is neither. */
    public static boolean past(Instant time, Instant now) {
        return !time.isAfter(now.plus(MAX_DIFFERENCE));
    }

    /** Returns whether a time was reached, and that not longer ago than this. */
    public static boolean lately(Instant time, Duration most, Instant now) {
        return time.isAfter(now.minus(most)) && past(time, now);
    }

    private static boolean differs(Instant here, Instant there) {
        return Duration.between(here, there).abs().compareTo(MAX_DIFFERENCE) > 0;
    }
}
