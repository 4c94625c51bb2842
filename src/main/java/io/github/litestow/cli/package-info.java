/**
 * The command line: parsed once, before Quarkus starts, one class per command, and what an outcome
 * means as an exit code. A new command is a class here, below {@code RunCommand}, {@code ReportCommand}
 * or {@code CliCommand}, and a line in {@code Commands}.
 *
 * <p>May use {@code run}, {@code report} (decision record 0004), {@code demo}, {@code journal}, {@code
 * config}, {@code control} and {@code outcome}.
 */
package io.github.litestow.cli;
