package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.run.Database;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.mark.SnapshotMark;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code snapshot}: what cron does. */
@Command(
        name = "snapshot",
        description = {
            "Upload the database, prove the upload, and delete the local copy on that proof.",
            "A database in use is confirmed and kept; that is exit code 0, too."
        },
        mixinStandardHelpOptions = true)
final class SnapshotCommand extends RunCommand {
    @Mixin
    DatabaseNames names;

    @Option(names = "--keep", description = "Keep the local copy.")
    boolean keep;

    @Option(
            names = "--adopt",
            description = "Accept the local file as the replica's new head although it does not descend from it.")
    boolean adopt;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = CliValues.DurationValue.class,
            description = "End within this time, for example PT90S or 90s (default: as configured).")
    Duration timeout;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            converter = CliValues.LabelValue.class,
            description = "Label the restore point, which is then proven in any case. A label names one point.")
    PointLabel label;

    @Option(names = "--pin", description = "Pin the restore point: it stays whatever retention says.")
    boolean pin;

    @Override
    String done() {
        return (label == null ? "" : ", labelled " + label.text()) + (pin ? ", pinned" : "");
    }

    @Override
    List<Database> databases(CommandContext context) throws Failure {
        if (!names.given.isEmpty()) {
            return names.among(context);
        }
        return changed(context);
    }

    /**
     * Without names, of a group only what may have changed or has vanished; all others are what their replicas end
     * with.
     */
    static List<Database> changed(CommandContext context) throws Failure {
        context.discovery().everywhere(false);
        return context.databases().all().stream()
                .filter(database -> database.settings().group().isEmpty()
                        || (database.missing() && database.journal().state().expectedHere())
                        || !QuietCheck.quiet(database, context.clock().instant()))
                .toList();
    }

    @Override
    Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) {
        SnapshotRequest request = new SnapshotRequest(TRIGGER, keep, adopt, Optional.ofNullable(timeout));
        SnapshotRequest marked =
                label == null && !pin ? request : request.marked(new SnapshotMark(Optional.ofNullable(label), pin));
        return database -> context.snapshots().snapshot(database, marked);
    }
}
