/**
 * Who may write: on this host by a lock that the operating system keeps, at the replica by a lease
 * that conditional writes keep.
 *
 * <p>May use {@code store}, {@code config}, {@code control} and {@code outcome}. Knows nothing of runs:
 * whoever uses a lease is told through {@link io.github.litestow.lease.LeaseUser} when it is lost.
 */
package io.github.litestow.lease;
