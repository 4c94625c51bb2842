/**
 * What is at the replica beside the engine's work, read and written by our own client: identity,
 * proofs, and an independent listing of restore points. A new storage scheme is a {@link
 * io.github.litestow.store.StorageScheme} in a package of its own below this one, and one line in
 * {@link io.github.litestow.store.StorageSchemes}.
 *
 * <p>May use {@code config}, {@code engine} (which is told what to do with a
 * scheme, and asked for those that Litestow has no client for), {@code control} and
 * {@code outcome}.
 */
package io.github.litestow.store;
