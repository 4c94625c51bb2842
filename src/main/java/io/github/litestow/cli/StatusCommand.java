package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.TextReport;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.QuarantinedFiles;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code status}: the state of each database. */
@Command(
        name = "status",
        description = {
            "Report the state of each database: last success, restore points, age, next run.",
            "Reads the local record, or the replica's own where there is none."
        },
        mixinStandardHelpOptions = true)
final class StatusCommand extends ReportCommand {

    @Option(
            names = "--check",
            description = "Exit with 12 if a backup is stale or the last failure is not mended; for timers and jobs.")
    boolean check;

    /**
     * One database in {@code --json}.
     *
     * @param status its state
     * @param quarantine what restores moved out of their way, oldest first
     */
    @RegisterForReflection
    record StatusReport(@JsonUnwrapped DatabaseStatus status, List<QuarantinedFiles> quarantine)
            implements DatabaseReport {
        /** Returns whether somebody should look. */
        boolean alarms(ConfiguredDatabase settings) {
            return !status.backup().acceptable(settings) || status.lastFailure().isPresent();
        }

        @Override
        public List<String> lines(TimeText times) {
            List<String> lines = new ArrayList<>(List.of(TextReport.of(status, times)));
            quarantine.forEach(files -> lines.add(
                    String.format(Locale.ROOT, "  %-13s %s, %,d bytes", "quarantine", files.folder(), files.bytes())));
            return lines;
        }
    }

    @Override
    int code(Database database, DatabaseReport report) {
        return check && report instanceof StatusReport known && known.alarms(database.settings())
                ? ExitCodes.ALARM
                : ExitCodes.DONE;
    }

    @Override
    DatabaseReport report(Database database, CommandContext context) throws Failure {
        database.journal().load();
        if (database.journal().state().newest().isEmpty()) {
            database.learn();
        }
        return new StatusReport(
                context.status().of(database.settings()).orElseThrow(),
                context.restores().quarantine(database));
    }
}
