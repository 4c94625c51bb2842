package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.quarkus.runtime.Quarkus;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The service, which in the same process also does what a command does: a JVM leaves an archive of the classes
 * of one process only, and service and commands use the same one. For bin/class-archive and the image's train.sh.
 */
@Command(
        name = TrainingCommand.NAME,
        hidden = true,
        description = "The service, to make an archive of its classes and a command's.",
        mixinStandardHelpOptions = true)
final class TrainingCommand extends CliCommand {
    static final String NAME = "training";

    @Override
    public Integer call() {
        return Launcher.train(this);
    }

    @Override
    int run(CommandContext context) throws Failure {
        StatusCommand status = new StatusCommand();
        new CommandLine(status).parseArgs();
        status.run(context);
        context.output().out().println("trained");
        Quarkus.waitForExit();
        return ExitCodes.DONE;
    }
}
