package io.github.litestow.notify;

import io.github.litestow.outcome.Failure;

/**
 * One way to tell somebody. Safe for concurrent use.
 *
 * @param id what tells it from others, and stays the same over restarts; no secret
 * @param name its name in metrics and logs; no secret
 * @param receiver who takes the message
 */
record Channel(String id, String name, Receiver receiver) {

    /** Tells, as {@link Receiver#send}. */
    void send(Message message) throws Failure {
        receiver.send(message);
    }

    /** Who takes a message. Safe for concurrent use. */
    interface Receiver {
        /**
         * Tells, and ends within some seconds.
         *
         * @throws Failure when it was not taken, in words without the address
         */
        void send(Message message) throws Failure;
    }
}
