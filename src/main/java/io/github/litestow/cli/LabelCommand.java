package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.MarkedPoint;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code label}: calls a restore point by a name of one's own. */
@Command(
        name = "label",
        description = {
            "Give a restore point a label, by which `restore`, `rollback`, `diff` and `query` find it.",
            "A label names one point. It does not keep the point from being pruned: `pin` does."
        },
        mixinStandardHelpOptions = true)
final class LabelCommand extends MarkCommand {
    @Parameters(
            arity = "1..3",
            hideParamSyntax = true,
            paramLabel = "[NAME] POINT TEXT",
            description = "The database, where there are several; the point's TXID, another label of it, or a time; the"
                    + " label.")
    List<String> given;

    @Option(names = "--remove", description = "Take the label off instead.")
    boolean remove;

    @Override
    List<String> given() {
        return given;
    }

    @Override
    int least() {
        return 2;
    }

    @Override
    void check() {
        super.check();
        try {
            PointLabel.of(given.get(given.size() - 1));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    @Override
    MarkedPoint mark(CommandContext context, Database database, PointReference point, List<String> more)
            throws Failure {
        PointLabel label = PointLabel.of(more.get(0));
        return remove
                ? context.marks().unlabel(database, point, label)
                : context.marks().label(database, point, label);
    }
}
