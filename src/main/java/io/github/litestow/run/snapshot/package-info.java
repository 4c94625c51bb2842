/**
 * From the local database to the replica: a snapshot with its proof and deletion, and a verification.
 * Begin with {@code SnapshotRun.run}.
 *
 * <p>Part of {@code run}: may use what {@code run} may use, {@code run} itself, and {@code run.prune}.
 */
package io.github.litestow.run.snapshot;
