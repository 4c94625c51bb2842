package io.github.litestow.store;

import io.github.litestow.outcome.Failure;

/** Whether a replica may still be written to; asked between the parts of long work on it. */
public interface WriteGuard {

    /**
     * Returns when it may.
     *
     * @throws Failure when it may not, and why
     */
    void check() throws Failure;
}
