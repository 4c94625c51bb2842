/**
 * The runs: named steps in order, one run at a time per database. A run ends as an {@link
 * io.github.litestow.outcome.Outcome} and leaves, whatever happens, every committed row readable where
 * the application looks for it. This package carries them out; what each does is in its parts, {@code
 * snapshot}, {@code restore} and {@code prune}, which this package does not know. What only this process
 * knows of a database is here too ({@code Database}, {@code CurrentRun}); what must survive it is in
 * {@code journal}.
 *
 * <p>May use {@code config}, {@code engine}, {@code sqlite}, {@code store}, {@code lease}, {@code
 * journal}, {@code control} and {@code outcome}.
 */
package io.github.litestow.run;
