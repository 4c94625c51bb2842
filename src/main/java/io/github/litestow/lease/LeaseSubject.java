package io.github.litestow.lease;

import java.time.Duration;

/**
 * What a lease is about. Immutable.
 *
 * @param name for the log: the database's, or the group's
 * @param url where the lease is, for messages
 * @param host what hangs for all behind it when it hangs for one
 * @param time after which silence it is taken over
 */
record LeaseSubject(String name, String url, String host, Duration time) {}
