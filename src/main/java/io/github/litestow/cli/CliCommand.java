package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A command that works with the databases and ends with an exit code. picocli fills its fields and
 * calls it; it then has Quarkus started and itself run there.
 */
abstract class CliCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Mixin
    JsonOption output;

    /** Checks, starts Quarkus and runs there; returns the exit code. */
    @Override
    public Integer call() {
        check();
        return Launcher.run(this);
    }

    /**
     * Refuses what picocli cannot see to be wrong, before anything is started.
     *
     * @throws ParameterException for what is wrong with the command line
     */
    void check() {}

    /** Refuses what is more than {@code most} words: a list takes any number, and the rest would be passed over. */
    final void atMost(int most, List<String> given) {
        if (given.size() > most) {
            String label = spec.positionalParameters().get(0).paramLabel();
            throw new ParameterException(
                    spec.commandLine(),
                    "`" + name() + "` takes " + label + ", and '" + given.get(most)
                            + "' is one word too many: put what has blanks in it in quotes");
        }
    }

    /**
     * Does what the command is for.
     *
     * @return the exit code
     * @throws Failure when it could not even begin
     */
    abstract int run(CommandContext context) throws Failure;

    /** Returns the command's name on the command line. */
    final String name() {
        return spec.name();
    }

    /** Returns whether one JSON document is wanted instead of lines. */
    final boolean json() {
        return output.json || (spec.root().userObject() instanceof Commands all && all.json);
    }
}
