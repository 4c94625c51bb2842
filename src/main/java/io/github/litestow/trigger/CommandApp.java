package io.github.litestow.trigger;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.report.StatusBoard;
import io.github.litestow.run.Databases;
import io.github.litestow.run.Runs;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;

/** Runs the one-shot command that {@link Main} parsed, without port and without cron. */
@Dependent
public class CommandApp implements QuarkusApplication {
    private final Databases databases;
    private final Runs runs;
    private final StatusBoard board;
    private final Clock clock;
    private final ObjectMapper json;

    /** Wires what commands work with. */
    public CommandApp(Databases databases, Runs runs, StatusBoard board, Clock clock, ObjectMapper json) {
        this.databases = databases;
        this.runs = runs;
        this.board = board;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public int run(String... args) {
        OneShot command = Main.command(args);
        try {
            return command.run(new OneShot.Tools(databases, runs, board, clock, json, System.out, System.err));
        } catch (Failure e) {
            System.err.println("litestow: " + e.getMessage() + ". " + e.hint());
            return ExitCodes.of(e.kind());
        }
    }
}
