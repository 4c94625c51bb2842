package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** {@code NAME…}: which databases a command works on. */
final class DatabaseNames {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Names of databases; all without one.")
    List<String> given = new ArrayList<>();

    /**
     * Returns the names given, each once, or every known one when none is given.
     *
     * @throws Failure {@code SETTINGS} when a given name is not known
     */
    List<String> among(List<String> known) throws Failure {
        for (String name : given) {
            if (!known.contains(name)) {
                throw new Failure(
                        FailureKind.SETTINGS,
                        "no database is named '" + name + "'",
                        "Configured: " + String.join(", ", known));
            }
        }
        return given.isEmpty() ? known : given.stream().distinct().toList();
    }

    /**
     * Returns the databases of these names, or every one when no name is given.
     *
     * @throws Failure {@code SETTINGS} when a given name is not known
     */
    List<Database> among(Databases databases) throws Failure {
        List<String> known = databases.all().stream().map(Database::name).toList();
        return among(known).stream()
                .flatMap(name -> databases.named(name).stream())
                .toList();
    }
}
