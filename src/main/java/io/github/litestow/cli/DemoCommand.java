package io.github.litestow.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code demo}: the service on a sample database. */
@Command(
        name = "demo",
        description = {
            "Run the service on a sample database that keeps changing, and restore it after each offload.",
            "It brings its own settings and touches nothing outside the folder litestow-demo in the folder for",
            "temporary files; stop it with Ctrl-C."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return Launcher.serve("demo");
    }
}
