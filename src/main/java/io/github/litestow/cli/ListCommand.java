package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.Database;
import io.github.litestow.run.EmptyReplica;
import io.github.litestow.run.restore.RestorePointList;
import io.github.litestow.run.restore.VersionList;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code list}: the restore points of each database, oldest first. */
@Command(
        name = "list",
        description = "List the restore points: time, transaction, size, and whether proven.",
        mixinStandardHelpOptions = true)
final class ListCommand extends ReportCommand {
    @Option(
            names = "--versions",
            description = "List instead what `restore --from-versions` can bring back: what the bucket's versions"
                    + " lead to, and what was overwritten since.")
    boolean versions;

    /** One database in {@code --json}. */
    @RegisterForReflection
    record ListReport(@JsonUnwrapped RestorePointList points) implements DatabaseReport {
        @Override
        public List<String> lines(TimeText times) {
            return points.lines(times);
        }
    }

    /** The same of versions. */
    @RegisterForReflection
    record VersionsReport(@JsonUnwrapped VersionList points) implements DatabaseReport {
        @Override
        public List<String> lines(TimeText times) {
            return points.lines(times);
        }
    }

    @Override
    DatabaseReport report(Database database, CommandContext context) throws Failure {
        if (versions) {
            return new VersionsReport(VersionList.of(database));
        }
        RestorePointList points = RestorePointList.of(database);
        return new ListReport(
                points.restorePoints().isEmpty() && EmptyReplica.is(database)
                        ? points.with(EmptyReplica.words(database))
                        : points);
    }
}
