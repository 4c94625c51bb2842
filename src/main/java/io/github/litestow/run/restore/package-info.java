/**
 * From the replica to the local path, or to another file. Begin with {@code RestoreRun.run}.
 *
 * <p>Part of {@code run}: may use what {@code run} may use, and {@code run} itself.
 */
package io.github.litestow.run.restore;
