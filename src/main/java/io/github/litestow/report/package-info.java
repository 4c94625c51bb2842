/**
 * What people and machines see: health, metrics, status, and a line per run. Reads the journal and
 * looks at no replica and into no database, so asking costs nothing and disturbs nobody.
 *
 * <p>Uses {@code journal}, {@code settings} and {@code outcome}.
 */
package io.github.litestow.report;
