/**
 * What starts runs: the start of the service, cron, its stop, and commands; and what their outcome
 * means to whoever started them, as an exit code.
 *
 * <p>Uses {@code run}, {@code settings}, {@code journal}, {@code outcome}, and {@code report} for
 * what commands print (decision record 0004).
 */
package io.github.litestow.trigger;
