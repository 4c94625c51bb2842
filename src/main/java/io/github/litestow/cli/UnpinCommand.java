package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.MarkedPoint;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code unpin}: the opposite of {@code pin}. */
@Command(
        name = "unpin",
        description = "Leave a pinned restore point to retention again.",
        mixinStandardHelpOptions = true)
final class UnpinCommand extends MarkCommand {
    @Parameters(
            arity = "1..2",
            paramLabel = "[NAME] POINT",
            description = "The database, where there are several; the point's label or TXID, or a time.")
    List<String> given;

    @Override
    List<String> given() {
        return given;
    }

    @Override
    int least() {
        return 1;
    }

    @Override
    MarkedPoint mark(CommandContext context, Database database, PointReference point, List<String> more)
            throws Failure {
        return context.marks().pin(database, point, false);
    }
}
