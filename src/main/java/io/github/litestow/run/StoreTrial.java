package io.github.litestow.run;

import io.github.litestow.outcome.Failure;

/**
 * Whether a store was seen to let exactly one of several writers win. The databases of a group have one store,
 * which is tried once for all of them: it takes some sixty requests. Safe for concurrent use; who asks while
 * another tries waits for its answer.
 */
final class StoreTrial {
    private boolean passed;

    /** Tries the store. */
    interface Race {
        /** Returns whether one won, each time. */
        boolean passes() throws Failure;
    }

    /** Returns whether it passed; a store that did once is not tried again. */
    synchronized boolean passes(Race race) throws Failure {
        passed = passed || race.passes();
        return passed;
    }
}
