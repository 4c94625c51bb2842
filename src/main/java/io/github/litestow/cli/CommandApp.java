package io.github.litestow.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Databases;
import io.github.litestow.run.prune.Prunes;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.Snapshots;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;

/** Runs the one-shot command that {@link Main} parsed, without port and without cron. */
@Dependent
public class CommandApp implements QuarkusApplication {
    private final Databases databases;
    private final Snapshots snapshots;
    private final Restores restores;
    private final Prunes prunes;
    private final StatusService board;
    private final Clock clock;
    private final ObjectMapper json;

    /** Wires what commands work with. */
    public CommandApp(
            Databases databases,
            Snapshots snapshots,
            Restores restores,
            Prunes prunes,
            StatusService board,
            Clock clock,
            ObjectMapper json) {
        this.databases = databases;
        this.snapshots = snapshots;
        this.restores = restores;
        this.prunes = prunes;
        this.board = board;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public int run(String... args) {
        CliCommand command = Main.command(args);
        try {
            return command.run(new CliCommand.Tools(
                    databases, snapshots, restores, prunes, board, clock, json, System.out, System.err));
        } catch (Failure e) {
            System.err.println("litestow: " + e.getMessage() + ". " + e.hint());
            return ExitCodes.of(e.kind());
        }
    }
}
