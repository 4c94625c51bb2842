/**
 * Sole owner of the litestream binary: finds it, checks its version, builds its argument lists, its
 * environment and its configuration, runs it under a deadline with both streams drained, and kills
 * and reaps it. What it printed and how it ended become observations or a classified {@link
 * io.github.litestow.outcome.Failure}; verdicts on backups are made elsewhere.
 *
 * <p>May use {@code config}, {@code control} and {@code outcome}.
 */
package io.github.litestow.engine;
