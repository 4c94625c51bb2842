/**
 * Looks into restore points, and compares them: in copies that are deleted afterwards, so that neither the
 * database nor the replica notices. Takes no lock and is no run of the journal.
 *
 * <p>Part of {@code run}: may use what {@code run} may use, and {@code run} itself.
 */
package io.github.litestow.run.compare;
