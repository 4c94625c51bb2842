package io.github.litestow.cli;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.Database;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
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
     * Returns the databases of these names, or every one when no name is given: of groups those that are found
     * in their folders or at their replicas.
     *
     * @throws Failure {@code SETTINGS} when a given name is not known; another when a group cannot be looked
     *     through
     */
    List<Database> among(CommandContext context) throws Failure {
        if (given.isEmpty()) {
            context.discovery().everywhere(true);
            return context.databases().all();
        }
        List<Database> chosen = new ArrayList<>();
        for (String name : new LinkedHashSet<>(given)) {
            chosen.add(context.discovery().named(name).orElseThrow(() -> unknown(name, context)));
        }
        return chosen;
    }

    private static Failure unknown(String name, CommandContext context) {
        List<String> known = new ArrayList<>(context.settings().databases().stream()
                .map(ConfiguredDatabase::name)
                .toList());
        context.settings().groups().forEach(group -> known.add("those of " + group.title()));
        String looked = context.settings().groups().stream()
                .flatMap(group -> group.memberOf(name).map(group::database).stream())
                .map(member -> " Nothing is at " + member.database() + ", nor at " + member.replica() + ".")
                .collect(Collectors.joining());
        return new Failure(
                FailureKind.SETTINGS,
                "no database is named '" + name + "'",
                "Configured: " + String.join(", ", known) + "." + looked);
    }
}
