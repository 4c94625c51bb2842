package io.github.litestow.cli;

import io.github.litestow.demo.SampleWriter;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.settings.SettingsReader;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.net.BindException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Where the process begins: parses the command line, then starts Quarkus for what it asks. */
@QuarkusMain
public final class Main {

    private Main() {}

    /** Runs the command of {@code args}; the process ends with its exit code. */
    public static void main(String... args) {
        CommandLine line = new CommandLine(new Commands.Root());
        ParseResult parsed;
        try {
            parsed = line.parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            System.err.println("litestow: " + e.getMessage());
            System.err.println("Try `--help`.");
            System.exit(ExitCodes.USAGE);
            return;
        }
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            System.exit(help);
        }
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        Object command = last.commandSpec().userObject();
        if (command instanceof Commands.DemoWriter demo) {
            write(demo.file);
        } else if (command instanceof HealthCommand question) {
            System.exit(question.ask(System.getenv(), System.out));
        } else if (command instanceof CliCommand) {
            System.setProperty(LaunchMode.COMMAND, last.commandSpec().name());
            // A command opens no port, starts no cron, and prints how it ended itself.
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.scheduler.enabled", "false");
            System.setProperty("quarkus.log.category.\"io.github.litestow.runs\".level", "OFF");
            System.setProperty("quarkus.log.category.\"io.quarkus\".level", "WARN");
            Quarkus.run(CommandApp.class, Main::end, args);
        } else {
            System.setProperty(LaunchMode.COMMAND, command instanceof Commands.Demo ? "demo" : "serve");
            Quarkus.run(null, Main::end, args);
        }
    }

    /** Returns the one-shot command that {@code args} name; they were parsed before. */
    static CliCommand command(String... args) {
        ParseResult parsed = new CommandLine(new Commands.Root()).parseArgs(args);
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return (CliCommand) parsed.commandSpec().userObject();
    }

    /** Returns the version of this build. */
    static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("(unpackaged)");
    }

    private static void write(String file) {
        try {
            SampleWriter.run(file);
        } catch (IOException e) {
            System.err.println("writer: " + e.getMessage());
            System.exit(ExitCodes.of(FailureKind.INTERNAL));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(int code, Throwable trouble) {
        Optional<Failure> settings = trouble == null ? Optional.empty() : SettingsReader.explain(trouble);
        if (settings.isPresent()) {
            System.err.println("litestow: " + settings.get().getMessage() + ". "
                    + settings.get().hint());
            System.exit(ExitCodes.of(settings.get().kind()));
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
