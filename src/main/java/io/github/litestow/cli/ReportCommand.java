package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.Database;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/** A command that reports something of each database and changes nothing. */
abstract class ReportCommand extends CliCommand {
    @Mixin
    DatabaseNames names;

    /** What one database has to report, as it is in {@code --json}. */
    interface DatabaseReport {
        /** Returns the same for a person. */
        List<String> lines(TimeText times);
    }

    /** What {@code --json} prints. */
    @RegisterForReflection
    record ReportsDocument(List<DatabaseReport> databases, int exitCode) implements JsonDocument {}

    /**
     * Reports on one database.
     *
     * @throws Failure when nothing can be reported of it
     */
    abstract DatabaseReport report(Database database, CommandContext context) throws Failure;

    /** Returns the exit code of what is reported; a report is done when it is given. */
    int code(Database database, DatabaseReport report) {
        return ExitCodes.DONE;
    }

    /**
     * Returns the databases to report on.
     *
     * @throws Failure when one that is named is not known, or a group cannot be looked through
     */
    List<Database> databases(CommandContext context) throws Failure {
        return names.among(context);
    }

    /** Returns what {@code --json} prints of these reports. */
    JsonDocument document(List<DatabaseReport> reports, int exitCode) {
        return new ReportsDocument(reports, exitCode);
    }

    /** Reports on what is not reported one by one, unless it is in {@link #document}, and returns its exit codes. */
    List<Integer> others(CommandContext context) {
        return List.of();
    }

    /** Asks each database; one that cannot answer does not keep the others from it. */
    @Override
    final int run(CommandContext context) throws Failure {
        Output output = context.output();
        TimeText times = TimeText.at(context.clock());
        List<DatabaseReport> reports = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        for (Database database : databases(context)) {
            try {
                DatabaseReport report = report(database, context);
                reports.add(report);
                codes.add(code(database, report));
                if (!json()) {
                    report.lines(times).forEach(output.out()::println);
                }
            } catch (Failure e) {
                FailedDatabase failed = FailedDatabase.of(database, e);
                reports.add(failed);
                codes.add(ExitCodes.of(e.kind()));
                if (!json()) {
                    failed.lines(times).forEach(output.err()::println);
                }
            }
        }
        codes.addAll(others(context));
        int code = ExitCodes.worst(codes);
        if (json()) {
            output.print(document(reports, code));
        }
        return code;
    }
}
