package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code verify}: a proof that changes nothing locally. */
@Command(
        name = "verify",
        description = {
            "Prove the newest state, and delete nothing.",
            "Uploads what is new, restores it to scratch, checks it, and compares it with the local database"
                    + " while its writers go on."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand extends RunCommand {
    @Mixin
    DatabaseNames names;

    @Override
    List<Database> databases(CommandContext context) throws Failure {
        return names.among(context);
    }

    @Override
    Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) {
        return database -> context.snapshots().verify(database, TRIGGER);
    }
}
