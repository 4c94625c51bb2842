package io.github.litestow.cli;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.TextReport;
import io.github.litestow.run.Database;
import io.github.litestow.run.EmptyReplica;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A command that makes one run of each database. */
abstract class RunCommand extends CliCommand {
    /** What the record of such a run names as its trigger. */
    static final String TRIGGER = "command";

    /** More than there may be engines: a run in trouble waits for the most part. */
    private static final int AT_ONCE = 32;

    /** What {@code --json} prints. */
    @RegisterForReflection
    record RunsDocument(List<RunRecord> runs, int exitCode) implements JsonDocument {}

    /**
     * Returns the databases to run on.
     *
     * @throws Failure {@code SETTINGS} when the command line names one that is not configured
     */
    abstract List<Database> databases(CommandContext context) throws Failure;

    /**
     * Returns what runs on each of the databases.
     *
     * @throws Failure when it is wrong for one of them; then nothing runs
     */
    abstract Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) throws Failure;

    /** Returns what the line of a run that ended well says besides. */
    String done() {
        return "";
    }

    /** Returns the exit code of one run. */
    int exitCode(Outcome outcome) {
        return ExitCodes.of(outcome);
    }

    /**
     * Runs on many databases at once, so that few wait for another's trouble, prints in the order of
     * their names how each ended, and returns the worst exit code.
     */
    @Override
    final int run(CommandContext context) throws Failure {
        List<Database> wanted = databases(context);
        Function<Database, RunRecord> run = prepare(wanted, context);
        List<RunRecord> records = new ArrayList<>();
        try (DaemonThreads workers = new DaemonThreads("run", Math.min(wanted.size(), AT_ONCE))) {
            List<CompletableFuture<RunRecord>> running = wanted.stream()
                    .map(database -> CompletableFuture.supplyAsync(() -> run.apply(database), workers))
                    .toList();
            for (int i = 0; i < running.size(); i++) {
                RunRecord record = running.get(i).join();
                records.add(record);
                if (!json()) {
                    print(record, wanted.get(i), context.output());
                }
            }
        }
        int code = ExitCodes.worst(
                records.stream().map(RunRecord::result).map(this::exitCode).toList());
        if (json()) {
            context.output().print(new RunsDocument(records, code));
        }
        return code;
    }

    private void print(RunRecord record, Database database, Output output) {
        boolean bad = exitCode(record.result()) != ExitCodes.DONE;
        String where = record.result().emptyReplica() ? "; " + EmptyReplica.words(database) : "";
        (bad ? output.err() : output.out())
                .println(record.database() + ": " + TextReport.of(record) + where + (bad ? "" : done()));
    }
}
