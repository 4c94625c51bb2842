package io.github.litestow.cli;

import io.github.litestow.config.StartupErrors;
import io.github.litestow.outcome.Failure;
import io.github.litestow.run.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Starts Quarkus for what the command line asks, and ends the process with the exit code. */
final class Launcher {
    /** Quarkus makes the application itself and hands it nothing but text, so the parsed command waits here. */
    private static final AtomicReference<CliCommand> COMMAND = new AtomicReference<>();

    private Launcher() {}

    /**
     * Runs the service until it is stopped.
     *
     * @param name the command's name, {@code serve} or {@code demo}
     * @return 0; the process usually ends before
     */
    static int serve(String name) {
        System.setProperty(LaunchMode.COMMAND, name);
        postponeDocument();
        Quarkus.run(null, Launcher::end);
        return ExitCodes.DONE;
    }

    /**
     * Runs the service, and in it the command, which waits for the service's end.
     *
     * @return 0; the process usually ends before
     */
    static int train(CliCommand command) {
        COMMAND.set(command);
        System.setProperty(LaunchMode.COMMAND, "serve");
        postponeDocument();
        Quarkus.run(CommandApp.class, Launcher::end);
        return ExitCodes.DONE;
    }

    /**
     * Runs a command. It opens no port, starts no cron, and prints how it ended itself.
     *
     * @return 0; the process usually ends before, with the command's exit code
     */
    static int run(CliCommand command) {
        COMMAND.set(command);
        System.setProperty(LaunchMode.COMMAND, command.name());
        System.setProperty("quarkus.http.host-enabled", "false");
        System.setProperty("quarkus.scheduler.enabled", "false");
        System.setProperty("quarkus.log.category.\"io.github.litestow.runs\".level", "OFF");
        System.setProperty("quarkus.log.category.\"io.quarkus\".level", "WARN");
        postponeDocument();
        Quarkus.run(CommandApp.class, Launcher::end);
        return ExitCodes.DONE;
    }

    /** Has Quarkus find nothing to make the OpenAPI document of: {@code http.OpenApiOnDemand} does it when asked. */
    private static void postponeDocument() {
        OpenApiConstants.classLoader = ClassLoader.getPlatformClassLoader();
    }

    /** Returns the command that this process was started for. */
    static CliCommand command() {
        return COMMAND.get();
    }

    private static void end(int code, Throwable trouble) {
        List<Failure> mistakes = trouble == null ? List.of() : StartupErrors.explain(trouble);
        if (!mistakes.isEmpty()) {
            mistakes.forEach(
                    mistake -> System.err.println("litestow: " + mistake.getMessage() + ". " + mistake.hint()));
            System.exit(ExitCodes.USAGE);
        }
        if (trouble != null) {
            System.err.println("litestow: " + rootOf(trouble));
        }
        System.exit(code);
    }

    /** Not every trouble of a start is logged: a port that is taken, for example, is not. */
    private static String rootOf(Throwable trouble) {
        Throwable root = trouble;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof BindException
                ? "the port is taken (" + root.getMessage()
                        + "). Set QUARKUS_HTTP_PORT to a free one, or end what uses it."
                : String.valueOf(root);
    }
}
