package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.litestow.outcome.Failure;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.Database;
import io.github.litestow.sqlite.ReadOnlyQuery;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code query}: one look into a state of a database. */
@Command(
        name = "query",
        description = {
            "Run one statement that only reads, on a restore point or on the local database.",
            "A point is restored to a copy, which is deleted afterwards. Prints the columns' names, then the rows, with"
                    + " vertical bars between the values."
        },
        mixinStandardHelpOptions = true)
final class QueryCommand extends CliCommand {
    @Parameters(
            arity = "1..2",
            hideParamSyntax = true,
            paramLabel = "[NAME] SQL",
            description = "The database, where there are several; the statement, in quotes.")
    List<String> given;

    @Option(
            names = "--at",
            paramLabel = "POINT",
            description = "A label, a TXID, or a time, which means the newest point at or before it (default: the local"
                    + " database).")
    String at = PointReference.LOCAL;

    /** What {@code --json} prints; NULL is null. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record QueryDocument(String database, List<String> columns, List<List<Optional<String>>> rows, int exitCode)
            implements JsonDocument {}

    @Override
    void check() {
        atMost(2, given);
    }

    @Override
    int run(CommandContext context) throws Failure {
        boolean named = given.size() > 1;
        Database database = OneDatabase.of(context, named ? List.of(given.get(0)) : List.of());
        String sql = given.get(given.size() - 1);
        Answer answer = json() ? new Kept() : new Printed(context.output().out());
        context.looks().query(database, PointReference.of(at), sql, answer);
        answer.end(context.output(), database.name());
        return ExitCodes.DONE;
    }

    private interface Answer extends ReadOnlyQuery.Rows {
        void end(Output output, String database);
    }

    /** Row by row, whatever their number. */
    private record Printed(PrintStream out) implements Answer {
        @Override
        public void columns(List<String> names) {
            out.println(String.join("|", names));
        }

        @Override
        public void row(List<Optional<String>> values) {
            out.println(values.stream().map(value -> value.orElse("")).collect(Collectors.joining("|")));
        }

        @Override
        public void end(Output output, String database) {
            // All is printed.
        }
    }

    private static final class Kept implements Answer {
        private final List<String> names = new ArrayList<>();
        private final List<List<Optional<String>>> rows = new ArrayList<>();

        @Override
        public void columns(List<String> all) {
            names.addAll(all);
        }

        @Override
        public void row(List<Optional<String>> values) {
            rows.add(values);
        }

        @Override
        public void end(Output output, String database) {
            output.print(new QueryDocument(database, names, rows, ExitCodes.DONE));
        }
    }
}
