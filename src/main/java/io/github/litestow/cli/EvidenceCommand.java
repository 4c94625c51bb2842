package io.github.litestow.cli;

import io.github.litestow.evidence.EvidenceHtml;
import io.github.litestow.evidence.EvidenceReport;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.BackupStatus;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.run.Database;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code report}: what the evidence at the replica says of each database. */
@Command(
        name = "report",
        description = {
            "Say how often, how fast and how completely each database was proven, and every gap.",
            "Reads the evidence at the replica and checks its chain; a broken one is exit code 8."
        },
        mixinStandardHelpOptions = true)
final class EvidenceCommand extends CliCommand {
    private static final Duration A_QUARTER = Duration.ofDays(90);
    /** Where nothing says by when a backup is stale. */
    private static final Duration A_DAY = Duration.ofDays(1);

    @Mixin
    DatabaseNames names;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = CliValues.DurationValue.class,
            description = "How far back, for example P90D or 30d (default: P90D).")
    Duration since = A_QUARTER;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page for printing into this file.")
    Path html;

    /** What {@code --json} prints. */
    @RegisterForReflection
    record EvidenceDocument(List<EvidenceReport> databases, List<FailedDatabase> failures, int exitCode)
            implements JsonDocument {}

    @Override
    void check() {
        if (html != null && json()) {
            throw new ParameterException(spec.commandLine(), "--html and --json exclude each other");
        }
        Path folder = html == null ? null : html.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new ParameterException(
                    spec.commandLine(), "the folder of " + html.toAbsolutePath() + " does not exist: make it first");
        }
    }

    @Override
    int run(CommandContext context) throws Failure {
        Instant now = context.clock().instant();
        TimeText times = TimeText.at(context.clock());
        List<EvidenceReport> reports = new ArrayList<>();
        List<FailedDatabase> failures = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        for (Database database : names.among(context)) {
            try {
                EvidenceReport report = report(database, context, now);
                reports.add(report);
                codes.add(report.chainHolds() ? ExitCodes.DONE : ExitCodes.of(FailureKind.PROOF_FAILED));
                if (!json()) {
                    report.lines(times).forEach(context.output().out()::println);
                }
            } catch (Failure e) {
                FailedDatabase failed = FailedDatabase.of(database, e);
                failures.add(failed);
                codes.add(ExitCodes.of(e.kind()));
                if (!json()) {
                    failed.lines(times).forEach(context.output().err()::println);
                }
            }
        }
        if (html != null) {
            write(EvidenceHtml.of(reports, now));
        }
        int code = ExitCodes.worst(codes);
        if (json()) {
            context.output().print(new EvidenceDocument(reports, failures, code));
        }
        return code;
    }

    private EvidenceReport report(Database database, CommandContext context, Instant now) throws Failure {
        Duration tolerance = context.status()
                .of(database.settings())
                .map(DatabaseStatus::backup)
                .flatMap(BackupStatus::maxAgeSeconds)
                .map(Duration::ofSeconds)
                .orElse(A_DAY);
        return database.evidenceReport(now.minus(since), now, tolerance);
    }

    private void write(String text) throws Failure {
        try {
            Files.writeString(html, text);
        } catch (IOException e) {
            throw Failure.disk("cannot write " + html, e);
        }
    }
}
