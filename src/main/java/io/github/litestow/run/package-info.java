/**
 * The runs: snapshot and restore as named steps in order, one at a time per database. A run ends as
 * an {@link io.github.litestow.outcome.Outcome} and leaves, whatever happens, every committed row
 * readable where the application looks for it.
 *
 * <p>May use every package below it: {@code outcome}, {@code settings}, {@code litestream}, {@code
 * sqlite}, {@code replica}, {@code journal}.
 */
package io.github.litestow.run;
