package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.FleetStatus;
import io.github.litestow.report.TextReport;
import io.github.litestow.run.Database;
import io.github.litestow.run.QuietCheck;
import io.github.litestow.run.restore.QuarantinedFiles;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
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
            description =
                    "Exit with 12 if a backup is stale, the last failure is not mended, or a file of a group is not backed up;"
                            + " for timers and jobs.")
    boolean check;

    @Option(
            names = "--all",
            description = "Report each of more than 100 databases, not their counts and the ten worst alone.")
    boolean all;

    /** Of more databases than are reported on one by one. */
    private Optional<FleetStatus> many = Optional.empty();
    /** What looks like a database of a group and is none. */
    private List<String> unprotected = List.of();

    /** Counts many, and reports on the worst of them alone. */
    @Override
    List<Database> databases(CommandContext context) throws Failure {
        List<Database> chosen = super.databases(context);
        Instant now = context.clock().instant();
        for (Database database : chosen) {
            boolean grouped = database.settings().group().isPresent();
            if (grouped && !database.missing() && QuietCheck.quiet(database, now)) {
                database.unchangedAt(now);
            }
        }
        if (!names.given.isEmpty() || all || chosen.size() <= FleetStatus.MANY) {
            return chosen;
        }
        FleetStatus fleet = context.status().fleet();
        many = Optional.of(fleet);
        if (!json()) {
            context.output().out().println(fleet.words() + "; the worst, `status --all` has the others:");
        }
        return fleet.worst().stream()
                .flatMap(one -> context.databases().named(one.backup().database()).stream())
                .toList();
    }

    @Override
    List<Integer> others(CommandContext context) {
        unprotected = names.given.isEmpty() ? context.databases().unprotected() : List.of();
        if (!json()) {
            unprotected.forEach(file -> context.output().out().println("NOT BACKED UP " + file));
        }
        boolean othersAlarm = !unprotected.isEmpty()
                || many.filter(fleet -> fleet.alarming() > 0 || fleet.failing() > 0)
                        .isPresent();
        return check && othersAlarm ? List.of(ExitCodes.ALARM) : List.of();
    }

    /**
     * What {@code --json} prints.
     *
     * @param total how many databases there are, or of how many was asked
     * @param states how many of them are in each state, all states
     * @param databases each of them, or the ten worst of more than 100
     * @param unprotected what looks like a database of a group and is not backed up, each with the reason
     * @param exitCode the exit code
     */
    @RegisterForReflection
    record StatusDocument(
            int total,
            Map<String, Integer> states,
            List<DatabaseReport> databases,
            List<String> unprotected,
            int exitCode)
            implements JsonDocument {}

    @Override
    JsonDocument document(List<DatabaseReport> reports, int exitCode) {
        Map<String, Integer> states = new TreeMap<>();
        Stream.of(BackupState.values()).forEach(state -> states.put(state.label(), 0));
        many.ifPresentOrElse(
                fleet -> fleet.states().forEach((state, count) -> states.put(state.label(), count)),
                () -> reports.forEach(report -> {
                    if (report instanceof StatusReport known) {
                        states.merge(known.status().backup().state().label(), 1, Integer::sum);
                    }
                }));
        return new StatusDocument(
                many.map(FleetStatus::total).orElse(reports.size()), states, reports, unprotected, exitCode);
    }

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
        // Of thousands that are known by their replicas nobody is asked.
        boolean asked = names.given.contains(database.name()) || !database.atReplica();
        if (asked && database.journal().state().newest().isEmpty()) {
            database.learn();
        }
        return new StatusReport(
                context.status().of(database.settings()).orElseThrow(),
                context.restores().quarantine(database));
    }
}
