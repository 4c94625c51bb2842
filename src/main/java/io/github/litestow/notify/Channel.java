package io.github.litestow.notify;

import io.github.litestow.outcome.Failure;

/** One way to tell somebody. Safe for concurrent use. */
interface Channel {
    /** Returns what tells it from others, and stays the same over restarts; no secret. */
    String id();

    /** Returns its name in metrics and logs; no secret. */
    String name();

    /**
     * Tells, and ends within some seconds.
     *
     * @throws Failure when it was not taken, in words without the address
     */
    void send(Message message) throws Failure;
}
