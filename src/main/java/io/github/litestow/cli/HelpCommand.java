package io.github.litestow.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code help}: what {@code --help} prints. */
@Command(
        name = "help",
        description = "Print the help of a command, or which commands there are.",
        mixinStandardHelpOptions = true,
        helpCommand = true)
final class HelpCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command; all without one.")
    Optional<String> about = Optional.empty();

    @Override
    public Integer call() {
        CommandLine all = spec.commandLine().getParent();
        CommandLine one = about.map(all.getSubcommands()::get).orElse(all);
        if (about.isPresent() && one == all) {
            throw new UnmatchedArgumentException(all, List.of(about.get()));
        }
        one.usage(one.getOut());
        return ExitCodes.DONE;
    }
}
