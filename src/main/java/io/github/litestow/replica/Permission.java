package io.github.litestow.replica;

import io.github.litestow.outcome.Failure;

/** Whether a replica may still be written to; asked between the parts of long work on it. */
public interface Permission {

    /**
     * Returns when it may.
     *
     * @throws Failure when it may not, and why
     */
    void check() throws Failure;
}
