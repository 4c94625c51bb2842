package io.github.litestow.lease;

import io.github.litestow.outcome.Failure;
import io.github.litestow.store.ReplicaStore;
import java.util.Optional;

/**
 * What a holder's last write left at the store. Its next write is made on the condition that just that is there,
 * without a look; but only once the store was seen to refuse a write whose condition does not hold. Whoever uses
 * it keeps others out meanwhile.
 */
final class LastWrite {
    private final ReplicaStore store;
    private final String key;
    private Optional<String> version = Optional.empty();
    private byte[] written = new byte[0];
    private String replaced = "";
    private volatile Optional<Boolean> refuses = Optional.empty();

    LastWrite(ReplicaStore store, String key) {
        this.store = store;
        this.key = key;
    }

    /** Returns the version that it left; empty when the answer did not name it, or never came. */
    Optional<String> version() {
        return version;
    }

    /** It is known from a look. */
    void is(String seen) {
        version = Optional.of(seen);
    }

    void forget() {
        version = Optional.empty();
    }

    boolean replace(byte[] body, String before) throws Failure {
        written = body;
        replaced = before;
        return store.replace(key, body, before, now -> version = Optional.of(now));
    }

    /** Returns whether the store was seen to refuse. */
    boolean conditionsHold() {
        return refuses.orElse(false);
    }

    /**
     * Finds that out, once, where the store hands versions over: the last write is made again, in the place of what
     * it replaced. A store that passes over conditions has the same object after that.
     */
    void tryCondition() throws Failure {
        if (version.isPresent() && refuses.isEmpty()) {
            refuses = Optional.of(!store.replace(key, written, replaced));
        }
    }
}
