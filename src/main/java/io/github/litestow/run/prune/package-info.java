/**
 * Keeps the replica bounded: which restore points are wanted, and which files none of them needs. A
 * new retention rule goes into {@code RetentionPolicy}.
 *
 * <p>Part of {@code run}: may use what {@code run} may use, and {@code run} itself.
 */
package io.github.litestow.run.prune;
