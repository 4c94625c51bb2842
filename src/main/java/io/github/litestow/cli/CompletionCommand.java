package io.github.litestow.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = "Print the script with which a shell completes commands and options.",
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    /** What zsh needs to know to load the script by itself, from a folder of its {@code fpath}. */
    private static final String FOR_ZSH = "#compdef litestow\n";

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    Shell shell;

    /** Shells that know completion. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash("litestow", Commands.line());
        spec.commandLine().getOut().println((shell == Shell.zsh ? FOR_ZSH : "") + script);
        return ExitCodes.DONE;
    }
}
