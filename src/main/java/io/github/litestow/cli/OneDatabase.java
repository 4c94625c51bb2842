package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.Database;
import java.util.List;

/** What stands behind a command for one database: its name, which may be left out, and more. */
final class OneDatabase {
    private static final int MOST_NAMED = 10;

    private OneDatabase() {}

    /**
     * Returns the database of a name.
     *
     * @param given the name; none means the only one there is, or the one named {@code default}
     * @throws Failure {@code SETTINGS} when that is none, or not clear
     */
    static Database of(CommandContext context, List<String> given) throws Failure {
        if (!given.isEmpty()) {
            DatabaseNames names = new DatabaseNames();
            names.given = given;
            return names.among(context).get(0);
        }
        context.discovery().everywhere(true);
        List<Database> all = context.databases().all();
        return all.stream()
                .filter(database -> all.size() == 1 || database.name().equals("default"))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.SETTINGS,
                        "there are several databases, and this command is for one",
                        "Give its NAME first: "
                                + String.join(
                                        ", ",
                                        all.stream()
                                                .map(Database::name)
                                                .limit(MOST_NAMED)
                                                .toList())));
    }

    /** Returns whether this is the name of a database, which for one of a named group its replica may have to say. */
    static boolean named(CommandContext context, String name) throws Failure {
        return context.databases().named(name).isPresent()
                || (name.contains("/") && context.discovery().named(name).isPresent());
    }
}
