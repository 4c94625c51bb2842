package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.run.compare.PointDiff;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code diff}: what changed between two states. */
@Command(
        name = "diff",
        description = {
            "Say what differs between two restore points, or a point and the local database: schema, rows per table.",
            "One is restored to a copy and the other made from it by what changed in between, or restored as well;",
            "rows in pages that are the same are not compared. Both copies are deleted afterwards."
        },
        mixinStandardHelpOptions = true)
final class DiffCommand extends CliCommand {
    @Parameters(
            arity = "1..3",
            hideParamSyntax = true,
            paramLabel = "[NAME] A [B]",
            description = "The database, where there are several; from A to B, each a label, a TXID, a time, or `local`"
                    + " (B by default).")
    List<String> given;

    @Option(
            names = "--rows",
            paramLabel = "TABLE",
            description = "List the changed rows of this table by their key, up to 1000 of each kind.")
    String rows;

    /** What {@code --json} prints. */
    @RegisterForReflection
    record DiffDocument(@JsonUnwrapped PointDiff diff, int exitCode) implements JsonDocument {}

    @Override
    void check() {
        atMost(3, given);
    }

    @Override
    int run(CommandContext context) throws Failure {
        List<String> words = new ArrayList<>(given);
        boolean named = words.size() == 3 || (words.size() == 2 && OneDatabase.named(context, words.get(0)));
        Database database = OneDatabase.of(context, named ? List.of(words.remove(0)) : List.of());
        PointReference from = PointReference.of(words.get(0));
        PointReference to = PointReference.of(words.size() > 1 ? words.get(1) : PointReference.LOCAL);
        PointDiff diff = context.looks().diff(database, from, to, Optional.ofNullable(rows));
        if (json()) {
            context.output().print(new DiffDocument(diff, ExitCodes.DONE));
        } else {
            diff.lines().forEach(context.output().out()::println);
        }
        return ExitCodes.DONE;
    }
}
