package io.github.litestow.trigger;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.report.Sentences;
import io.github.litestow.report.StatusBoard;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.PointList;
import io.github.litestow.run.QuarantinedFiles;
import io.github.litestow.run.Runs;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A command that does one thing and ends with an exit code. */
interface OneShot {

    /**
     * Does it.
     *
     * @return the exit code
     * @throws Failure when it could not even begin
     */
    int run(Tools tools) throws Failure;

    /** One database of {@code status --json}. */
    record StatusDocument(@JsonUnwrapped DatabaseStatus status, List<QuarantinedFiles> quarantine) {}

    /**
     * What commands work with.
     *
     * @param out standard output: one line per database, or one JSON document
     * @param err standard error, where failures go unless JSON was asked for
     */
    record Tools(
            Databases databases, Runs runs, StatusBoard board, ObjectMapper json, PrintStream out, PrintStream err) {

        /** Returns the databases of these names, or every one when no name is given. */
        List<Database> named(List<String> names) throws Failure {
            if (names.isEmpty()) {
                return databases.all();
            }
            List<Database> chosen = new ArrayList<>();
            for (String name : names) {
                chosen.add(databases
                        .named(name)
                        .orElseThrow(() -> new Failure(
                                FailureKind.SETTINGS,
                                "no database is named '" + name + "'",
                                "Configured: "
                                        + String.join(
                                                ", ",
                                                databases.all().stream()
                                                        .map(Database::name)
                                                        .toList()))));
            }
            return chosen;
        }

        /** Runs on each database in turn, prints how each ended, and returns the worst exit code. */
        int each(
                List<String> names,
                boolean asJson,
                Function<Database, RunRecord> run,
                Function<Outcome, Integer> exitCode)
                throws Failure {
            List<RunRecord> records = new ArrayList<>();
            for (Database database : named(names)) {
                RunRecord record = run.apply(database);
                records.add(record);
                if (!asJson) {
                    boolean bad = exitCode.apply(record.result()) != ExitCodes.DONE;
                    (bad ? err : out).println(database.name() + ": " + Sentences.of(record));
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
            List<StatusDocument> all = new ArrayList<>();
            for (Database database : named(names)) {
                if (database.journal().standing().newest().isEmpty()) {
                    runs.learn(database);
                }
                DatabaseStatus status = board.of(database.settings()).orElseThrow();
                List<QuarantinedFiles> quarantine = runs.quarantine(database);
                all.add(new StatusDocument(status, quarantine));
                if (!asJson) {
                    out.println(Sentences.of(status));
                    quarantine.forEach(entry ->
                            out.printf("  %-13s %s, %,d bytes%n", "quarantine", entry.folder(), entry.bytes()));
                }
            }
            if (asJson) {
                print(Map.of("databases", all));
            }
            return ExitCodes.DONE;
        }

        /** Prints the restore points of each database, oldest first. */
        int list(List<String> names, boolean asJson) throws Failure {
            List<PointList> all = new ArrayList<>();
            for (Database database : named(names)) {
                PointList points = PointList.of(database);
                all.add(points);
                if (!asJson) {
                    points.lines().forEach(out::println);
                }
            }
            if (asJson) {
                print(Map.of("databases", all));
            }
            return ExitCodes.DONE;
        }

        /** Prints one JSON document. */
        void print(Object document) {
            try {
                out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("our own records are always writable as JSON", e);
            }
        }
    }
}
