package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code aws-replicate-db}: a snapshot by the name that pylts has for it. */
@Command(
        name = "aws-replicate-db",
        description = "pylts' name for snapshot; SECONDS is its deadline, not a time to wait.",
        mixinStandardHelpOptions = true)
final class AwsReplicateDbCommand extends RunCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "SECONDS",
            converter = CliValues.SecondsValue.class,
            description = "The deadline (default: as configured).")
    Duration seconds;

    @Override
    List<Database> databases(CommandContext context) throws Failure {
        return SnapshotCommand.changed(context);
    }

    @Override
    Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) {
        SnapshotRequest request = new SnapshotRequest(TRIGGER, false, false, Optional.ofNullable(seconds));
        return database -> context.snapshots().snapshot(database, request);
    }
}
