/**
 * What lies at the replica beside the engine's work, read and written by our own client: identity,
 * proofs, and an independent listing of restore points.
 *
 * <p>Uses {@code settings}, {@code litestream} (for schemes we have no client for) and {@code
 * outcome}.
 */
package io.github.litestow.replica;
