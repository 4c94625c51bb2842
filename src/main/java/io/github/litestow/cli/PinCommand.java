package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.MarkedPoint;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pin}, which keeps a restore point from being pruned, and {@code unpin}, its opposite. */
abstract class PinCommand extends MarkCommand {
    private final boolean pinned;

    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[NAME] POINT",
            description = "The database, where there are several; the point's label or TXID, or a time.")
    List<String> given;

    private PinCommand(boolean pinned) {
        this.pinned = pinned;
    }

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
        return context.marks().pin(database, point, pinned);
    }

    @Command(
            name = "pin",
            description = {
                "Keep a restore point whatever retention says, until it is unpinned.",
                "With it stays what it needs to be restored."
            },
            mixinStandardHelpOptions = true)
    static final class Pin extends PinCommand {
        Pin() {
            super(true);
        }
    }

    @Command(
            name = "unpin",
            description = "Leave a pinned restore point to retention again.",
            mixinStandardHelpOptions = true)
    static final class Unpin extends PinCommand {
        Unpin() {
            super(false);
        }
    }
}
