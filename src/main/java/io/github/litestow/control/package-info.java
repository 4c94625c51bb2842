/**
 * How work is ended in time: deadlines, cancellation, threads. Knows nothing of databases.
 *
 * <p>May use {@code outcome}.
 */
package io.github.litestow.control;
