package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.run.Database;
import io.github.litestow.run.prune.PruneReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code prune}: what a snapshot does last, by itself. */
@Command(
        name = "prune",
        description = {
            "Delete what no wanted restore point needs, as each snapshot does when it is done.",
            "Kept are the points of retention.keep-for, at least retention.keep-at-least of them, the newest"
                    + " and the newest proven; a point that is not wanted any more goes when retention.grace is over."
        },
        mixinStandardHelpOptions = true)
final class PruneCommand extends Commands.NamedCommand {
    @Option(names = "--dry-run", description = "Say what would be deleted and what stays, and delete nothing.")
    boolean dryRun;

    @Override
    public int run(Tools tools) throws Failure {
        List<PruneReport> reports = new ArrayList<>();
        List<TroubleDocument> troubles = new ArrayList<>();
        int code = ExitCodes.DONE;
        for (Database database : tools.named(names)) {
            try {
                PruneReport report = tools.prunes().prune(database, dryRun);
                reports.add(report);
                if (!json) {
                    report.lines().forEach(tools.out()::println);
                }
            } catch (Failure e) {
                code = ExitCodes.worst(List.of(code, ExitCodes.of(e.kind())));
                troubles.add(new TroubleDocument(database.name(), e.kind().label(), e.getMessage(), e.hint()));
                if (!json) {
                    tools.err().println(database.name() + ": not pruned: " + e.getMessage() + ". " + e.hint());
                }
            }
        }
        if (json) {
            tools.print(Map.of("databases", reports, "failures", troubles, "exitCode", code));
        }
        return code;
    }

    /** Why a replica was not pruned, or not to the end. */
    record TroubleDocument(String database, String kind, String cause, String hint) {}
}
