package io.github.litestow.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.outcome.Failure;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Databases;
import io.github.litestow.run.EngineNotice;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.compare.Looks;
import io.github.litestow.run.mark.Marks;
import io.github.litestow.run.prune.Prunes;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.restore.Rollbacks;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.shard.Shards;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;

/** Runs the command that {@link Launcher} was given, without port and without cron. */
@Dependent
public class CommandApp implements QuarkusApplication {
    private final CommandContext context;

    /** Wires what commands work with. */
    public CommandApp(
            Databases databases,
            Discovery discovery,
            Snapshots snapshots,
            Restores restores,
            Prunes prunes,
            Marks marks,
            Rollbacks rollbacks,
            Looks looks,
            StatusService status,
            Shards shards,
            ConfiguredService settings,
            LaunchMode launchMode,
            EngineNotice engine,
            Clock clock,
            ObjectMapper json) {
        this.context = new CommandContext(
                databases,
                discovery,
                snapshots,
                restores,
                prunes,
                marks,
                rollbacks,
                looks,
                status,
                shards,
                settings,
                launchMode,
                engine,
                clock,
                new Output(json, System.out, System.err));
    }

    @Override
    public int run(String... args) {
        // A signal during the start found nothing to stop, and Quarkus would let the command work to its end.
        if (DaemonThreads.processEnds()) {
            context.output().err().println("litestow: told to stop before it began; nothing was done.");
            return ExitCodes.BUSY;
        }
        try {
            return Launcher.command().run(context);
        } catch (Failure e) {
            context.output().err().println("litestow: " + e.getMessage() + ". " + e.hint());
            return ExitCodes.of(e.kind());
        }
    }
}
