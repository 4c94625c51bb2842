package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.OfferedPoints;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollback}: back to a restore point, when what came after it went wrong. */
@Command(
        name = "rollback",
        description = {
            "Put a restore point in the place of the database, of which nothing is lost by that.",
            "What is there is uploaded first where it can be, and goes to quarantine in any case. Refused while the"
                    + " database is in use."
        },
        mixinStandardHelpOptions = true)
final class RollbackCommand extends RunCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "[NAME]",
            hideParamSyntax = true,
            description = "The database; needed where there are several.")
    List<String> given = List.of();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "POINT",
            description = "Where to: a label, a TXID, or a time, which means the newest point at or before it.")
    String to;

    @Override
    void check() {
        atMost(1, given);
    }

    @Override
    List<Database> databases(CommandContext context) throws Failure {
        return List.of(OneDatabase.of(context, given));
    }

    @Override
    Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) throws Failure {
        RestorePoint point = OfferedPoints.meant(
                databases.get(0), PointReference.of(to), context.clock().instant());
        return database -> context.rollbacks().rollback(database, TRIGGER, point);
    }
}
