package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestorePointList;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code list}: the restore points of each database, oldest first. */
@Command(
        name = "list",
        description = "List the restore points: time, transaction, size, and whether proven.",
        mixinStandardHelpOptions = true)
final class ListCommand extends ReportCommand {

    /** One database in {@code --json}. */
    @RegisterForReflection
    record ListReport(@JsonUnwrapped RestorePointList points) implements DatabaseReport {
        @Override
        public List<String> lines(TimeText times) {
            return points.lines(times);
        }
    }

    @Override
    DatabaseReport report(Database database, CommandContext context) throws Failure {
        return new ListReport(RestorePointList.of(database));
    }
}
