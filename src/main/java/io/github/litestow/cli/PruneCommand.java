package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.prune.PruneReport;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code prune}: what a snapshot does last, by itself. */
@Command(
        name = "prune",
        description = {
            "Delete what no wanted restore point needs, as each snapshot does when it is done.",
            "Kept are the points of retention.keep-for, at least retention.keep-at-least of them, the newest"
                    + " and the newest proven; a point that is no longer wanted goes once retention.grace is over."
        },
        mixinStandardHelpOptions = true)
final class PruneCommand extends CliCommand {
    @Mixin
    DatabaseNames names;

    @Option(names = "--dry-run", description = "Say what would be deleted and what stays, and delete nothing.")
    boolean dryRun;

    /**
     * What {@code --json} prints.
     *
     * @param databases what was deleted
     * @param failures replicas that were not pruned, or not to the end
     * @param exitCode the exit code
     */
    @RegisterForReflection
    record PruneDocument(List<PruneReport> databases, List<FailedDatabase> failures, int exitCode)
            implements JsonDocument {}

    @Override
    int run(CommandContext context) throws Failure {
        Output output = context.output();
        List<PruneReport> reports = new ArrayList<>();
        List<FailedDatabase> failures = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        for (Database database : names.among(context)) {
            try {
                PruneReport report = context.prunes().prune(database, dryRun);
                boolean empty = EmptyReplica.is(database);
                reports.add(report);
                if (empty) {
                    output.err().println(database.name() + ": " + EmptyReplica.words(database));
                }
                if (!json()) {
                    report.lines().forEach(output.out()::println);
                }
            } catch (Failure e) {
                codes.add(ExitCodes.of(e.kind()));
                failures.add(FailedDatabase.of(database, e));
                if (!json()) {
                    output.err().println(database.name() + ": not pruned: " + e.getMessage() + ". " + e.hint());
                }
            }
        }
        int code = ExitCodes.worst(codes);
        if (json()) {
            output.print(new PruneDocument(reports, failures, code));
        }
        return code;
    }
}
