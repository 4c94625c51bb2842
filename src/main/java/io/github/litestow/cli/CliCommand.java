package io.github.litestow.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.StatusService;
import io.github.litestow.report.TextReport;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.prune.Prunes;
import io.github.litestow.run.restore.QuarantinedFiles;
import io.github.litestow.run.restore.RestorePointList;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.Snapshots;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A command that does one thing and ends with an exit code. */
interface CliCommand {

    /**
     * Does it.
     *
     * @return the exit code
     * @throws Failure when it could not even begin
     */
    int run(Tools tools) throws Failure;

    /**
     * Returns the wanted names, or every known one when none is wanted.
     *
     * @throws Failure {@code SETTINGS} when a wanted name is not known
     */
    static List<String> chosen(List<String> wanted, List<String> known) throws Failure {
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new Failure(
                        FailureKind.SETTINGS,
                        "no database is named '" + name + "'",
                        "Configured: " + String.join(", ", known));
            }
        }
        return wanted.isEmpty() ? known : wanted;
    }

    /** What a database answered: as JSON, and as lines for a person. */
    record Answer(Object document, List<String> lines) {}

    /** A database that could not answer. */
    record UnansweredDocument(String database, FailureKind kind, String cause, String hint) {}

    /** What each database is asked. */
    interface Question {
        /** Asks one. */
        Answer of(Database database) throws Failure;
    }

    /** One database of {@code status --json}. */
    record StatusDocument(@JsonUnwrapped DatabaseStatus status, List<QuarantinedFiles> quarantine) {}

    /**
     * What commands work with.
     *
     * @param clock the time of day
     * @param out standard output: one line per database, or one JSON document
     * @param err standard error, where failures go unless JSON was asked for
     */
    record Tools(
            Databases databases,
            Snapshots snapshots,
            Restores restores,
            Prunes prunes,
            StatusService board,
            Clock clock,
            ObjectMapper json,
            PrintStream out,
            PrintStream err) {

        /** More than there may be engines: a run in trouble waits for the most part. */
        private static final int AT_ONCE = 32;

        /** Returns the databases of these names, or every one when no name is given. */
        List<Database> named(List<String> names) throws Failure {
            List<String> known = databases.all().stream().map(Database::name).toList();
            return chosen(names, known).stream()
                    .flatMap(name -> databases.named(name).stream())
                    .toList();
        }

        /**
         * Runs on many databases at once, so that none waits for another's trouble, prints in the order
         * of their names how each ended, and returns the worst exit code.
         */
        int each(
                List<String> names,
                boolean asJson,
                Function<Database, RunRecord> run,
                Function<Outcome, Integer> exitCode)
                throws Failure {
            List<Database> wanted = named(names);
            List<RunRecord> records = new ArrayList<>();
            try (DaemonThreads workers = new DaemonThreads("command", Math.min(wanted.size(), AT_ONCE))) {
                List<CompletableFuture<RunRecord>> running = wanted.stream()
                        .map(database -> CompletableFuture.supplyAsync(() -> run.apply(database), workers))
                        .toList();
                for (CompletableFuture<RunRecord> one : running) {
                    RunRecord record = one.join();
                    records.add(record);
                    if (!asJson) {
                        boolean bad = exitCode.apply(record.result()) != ExitCodes.DONE;
                        (bad ? err : out).println(record.database() + ": " + TextReport.of(record));
                    }
                }
            }
            int code = ExitCodes.worst(
                    records.stream().map(RunRecord::result).map(exitCode).toList());
            if (asJson) {
                print(Map.of("runs", records, "exitCode", code));
            }
            return code;
        }

        /** Prints where each database stands. */
        int status(List<String> names, boolean asJson) throws Failure {
            return ask(names, asJson, database -> {
                database.journal().load();
                if (database.journal().state().newest().isEmpty()) {
                    database.learn();
                }
                DatabaseStatus status = board.of(database.settings()).orElseThrow();
                List<QuarantinedFiles> quarantine = restores.quarantine(database);
                List<String> lines = new ArrayList<>(List.of(TextReport.of(status)));
                quarantine.forEach(entry ->
                        lines.add(String.format("  %-13s %s, %,d bytes", "quarantine", entry.folder(), entry.bytes())));
                return new Answer(new StatusDocument(status, quarantine), lines);
            });
        }

        /** Prints the restore points of each database, oldest first. */
        int list(List<String> names, boolean asJson) throws Failure {
            return ask(names, asJson, database -> {
                RestorePointList points = RestorePointList.of(database);
                return new Answer(points, points.lines());
            });
        }

        /** Asks each database; one that cannot answer does not keep the others from it. */
        private int ask(List<String> names, boolean asJson, Question question) throws Failure {
            List<Object> documents = new ArrayList<>();
            List<Integer> codes = new ArrayList<>();
            for (Database database : named(names)) {
                try {
                    Answer answer = question.of(database);
                    documents.add(answer.document());
                    codes.add(ExitCodes.DONE);
                    if (!asJson) {
                        answer.lines().forEach(out::println);
                    }
                } catch (Failure e) {
                    documents.add(new UnansweredDocument(database.name(), e.kind(), e.getMessage(), e.hint()));
                    codes.add(ExitCodes.of(e.kind()));
                    if (!asJson) {
                        err.println(database.name() + ": FAILED, " + e.kind().label() + ": " + e.getMessage() + ". "
                                + e.hint());
                    }
                }
            }
            int code = ExitCodes.worst(codes);
            if (asJson) {
                print(Map.of("databases", documents, "exitCode", code));
            }
            return code;
        }

        /** Prints the one JSON document of a command. */
        void print(Object document) {
            try {
                out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("our own records are always writable as JSON", e);
            }
        }
    }
}
