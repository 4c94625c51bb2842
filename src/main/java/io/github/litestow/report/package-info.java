/**
 * What people and machines see: health, metrics, status, and a line per run. Reads the journal and
 * looks at no replica and into no database, so asking costs nothing and disturbs nobody.
 *
 * <p>May use {@code run} (what works now), {@code journal}, {@code config}, {@code control} and {@code
 * outcome}.
 */
package io.github.litestow.report;
