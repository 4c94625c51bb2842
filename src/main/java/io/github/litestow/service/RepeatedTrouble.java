package io.github.litestow.service;

import io.github.litestow.outcome.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * A trouble that is looked at again and again: it is worth a line when it begins and when it becomes
 * another, and the looks get rarer. Not safe for concurrent use.
 */
final class RepeatedTrouble {
    private final Duration first;
    private final Duration most;
    private Optional<String> last = Optional.empty();
    private Duration pause;

    /** Looks again after {@code first}, then after twice that, and so on, up to {@code most}. */
    RepeatedTrouble(Duration first, Duration most) {
        this.first = first;
        this.most = most;
        this.pause = first;
    }

    /** Returns whether this is another trouble than the last; how the store words it may differ each time. */
    boolean changed(Failure trouble) {
        Optional<String> now = Optional.of(trouble.kind().label() + trouble.hint());
        boolean other = !now.equals(last);
        last = now;
        return other;
    }

    /** Returns how long to wait before the next look; {@code first} while there is no trouble. */
    Duration pause() {
        if (last.isEmpty()) {
            return first;
        }
        Duration now = pause;
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(most) < 0 ? twice : most;
        return now;
    }

    /** It is over. */
    void over() {
        last = Optional.empty();
        pause = first;
    }
}
