/**
 * Labels and pins of restore points, as steps that only who holds the database's lock and the replica's
 * lease may take: so that nothing is pruned that is pinned at the same moment.
 *
 * <p>Part of {@code run}: may use what {@code run} may use, and {@code run} itself.
 */
package io.github.litestow.run.mark;
