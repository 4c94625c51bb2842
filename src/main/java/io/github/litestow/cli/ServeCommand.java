package io.github.litestow.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code serve}: the service. */
@Command(
        name = "serve",
        description = {
            "Run the service: restore what is missing, snapshot by cron, serve health and metrics.",
            "Ends on SIGTERM, after a last snapshot that deletes nothing."
        },
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return Launcher.serve("serve");
    }
}
