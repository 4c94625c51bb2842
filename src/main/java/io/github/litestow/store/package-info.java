/**
 * What is at the replica beside the engine's work, read and written by our own client: identity,
 * proofs, and an independent listing of restore points. A new storage scheme is a {@link
 * io.github.litestow.store.ReplicaStore} in a package of its own below this one.
 *
 * <p>May use {@code settings}, {@code engine} (for schemes we have no client for), {@code control} and
 * {@code outcome}.
 */
package io.github.litestow.store;
