package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.MarkedPoint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParameterException;

/** A command that labels or pins one restore point of one database. */
abstract class MarkCommand extends CliCommand {
    /** What {@code --json} prints. */
    @RegisterForReflection
    record MarkDocument(MarkedPoint restorePoint, int exitCode) implements JsonDocument {}

    /** Returns what stands behind the command: perhaps a NAME, then the point, then what else it takes. */
    abstract List<String> given();

    /** Returns how many there are without the NAME. */
    abstract int least();

    /**
     * Does it.
     *
     * @param more what stands behind the point
     */
    abstract MarkedPoint mark(CommandContext context, Database database, PointReference point, List<String> more)
            throws Failure;

    @Override
    void check() {
        if (given().size() < least()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing required parameter: '"
                            + spec.positionalParameters().get(0).paramLabel() + "'");
        }
        atMost(least() + 1, given());
    }

    @Override
    final int run(CommandContext context) throws Failure {
        List<String> words = new ArrayList<>(given());
        List<String> name = words.size() > least() ? List.of(words.remove(0)) : List.of();
        Database database = OneDatabase.of(context, name);
        MarkedPoint marked = mark(context, database, PointReference.of(words.remove(0)), words);
        if (json()) {
            context.output().print(new MarkDocument(marked, ExitCodes.DONE));
        } else {
            context.output().out().println(marked.words());
        }
        return ExitCodes.DONE;
    }
}
