package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestoreRequest;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** {@code aws-restore-db}: a restore by the name that pylts has for it. */
@Command(
        name = "aws-restore-db",
        description = "pylts' name for restore --replace; the old database goes to quarantine.",
        mixinStandardHelpOptions = true)
final class AwsRestoreDbCommand extends RunCommand {
    @Override
    List<Database> databases(CommandContext context) throws Failure {
        context.discovery().everywhere(true);
        return context.databases().all();
    }

    @Override
    Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) {
        RestoreRequest request = RestoreRequest.newest(TRIGGER, true);
        return database -> context.restores().restore(database, request);
    }
}
