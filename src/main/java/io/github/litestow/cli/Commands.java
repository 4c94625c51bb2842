package io.github.litestow.cli;

import io.github.litestow.config.DecodedText;
import io.github.litestow.run.EngineNotice;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: which commands there are. Without one: the service. */
@Command(
        name = "litestow",
        description = {
            "Keeps SQLite databases in object storage, and deletes the local copy only on proof.",
            "Without a command: serve."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        footerHeading = "%nSettings come from the environment, else .env, else config/application.yaml:%n",
        footer = {
            "  REPLICA_URL       where the replica is, s3://bucket/path or file:///path",
            "                    (required)",
            "  DB_SQLITE         the database's file name (default db.sqlite)",
            "  LITESTOW_FOLDER   the folder it is in (default data)",
            "  LITESTREAM_ACCESS_KEY_ID, LITESTREAM_SECRET_ACCESS_KEY",
            "                    the keys for S3",
            "",
            "Exit codes: 0 done or nothing to do, 1 internal, 2 usage or settings,",
            "  3 timeout, 4 access denied, 5 replica missing or unreachable, 6 nothing to",
            "  restore, 7 busy, 8 proof failed or source damaged, 9 refused, 10 disk,",
            "  11 no usable litestream, 12 status --check: stale or failing; 130 ended by",
            "  Ctrl-C, 143 by SIGTERM, in good order."
        })
final class Commands implements Callable<Integer> {
    private static final String JSON = "--json";
    private static final List<Named> ALL = List.of(
            new Named("serve", ServeCommand.class),
            new Named("snapshot", SnapshotCommand.class),
            new Named("restore", RestoreCommand.class),
            new Named("list", ListCommand.class),
            new Named("verify", VerifyCommand.class),
            new Named("status", StatusCommand.class),
            new Named("report", EvidenceCommand.class),
            new Named("config", ConfigCommand.class),
            new Named("prune", PruneCommand.class),
            new Named("label", LabelCommand.class),
            new Named("pin", PinCommand.Pin.class),
            new Named("unpin", PinCommand.Unpin.class),
            new Named("rollback", RollbackCommand.class),
            new Named("move", MoveCommand.class),
            new Named("diff", DiffCommand.class),
            new Named("query", QueryCommand.class),
            new Named("health", HealthCommand.class),
            new Named("aws-replicate-db", AwsReplicateDbCommand.class),
            new Named("aws-restore-db", AwsRestoreDbCommand.class),
            new Named("demo", DemoCommand.class),
            new Named("completion", CompletionCommand.class),
            new Named("help", HelpCommand.class),
            new Named("version", VersionCommand.class),
            new Named(DemoWriterCommand.NAME, DemoWriterCommand.class),
            new Named(TrainingCommand.NAME, TrainingCommand.class));
    /** These speak of the others, too. */
    private static final Set<Class<?>> OF_ALL = Set.of(HelpCommand.class, CompletionCommand.class);

    /** A command, and what its annotation says is its name: to read that of all of them takes as long as Quarkus' router. */
    private record Named(String name, Class<?> command) {}

    /** Before the command; each that can answers to it behind its own name, too. */
    @Option(names = JSON, description = "Print one JSON document on standard output.")
    boolean json;

    /**
     * Returns the command line, which parses, answers {@code --help} and {@code --version}, and calls
     * the command; a mistake is one line and exit code 2.
     */
    static CommandLine line() {
        return of(ALL);
    }

    /** Returns the names by which a command is found before its annotation is read. */
    static List<String> names() {
        return ALL.stream().map(Named::name).toList();
    }

    /** To read what all commands are annotated with takes longer than most of them; one that is named needs its own. */
    private static CommandLine lineFor(String... args) {
        int first = args.length > 0 && args[0].equals(JSON) ? 1 : 0;
        List<Named> named = ALL.stream()
                .filter(each -> !OF_ALL.contains(each.command()) && first < args.length)
                .filter(each -> each.name().equals(args[first]))
                .toList();
        return of(named.isEmpty() ? ALL : named);
    }

    private static CommandLine of(List<Named> commands) {
        CommandLine line = new CommandLine(new Commands());
        commands.forEach(each -> line.addSubcommand(each.command()));
        line.setParameterExceptionHandler((mistake, args) -> refuse(mistake)).setExecutionStrategy(Commands::execute);
        line.getSubcommands().values().forEach(each -> each.getCommandSpec().versionProvider(new Version()));
        return line;
    }

    private static int execute(ParseResult parsed) {
        CommandSpec last = parsed.hasSubcommand() ? parsed.subcommand().commandSpec() : parsed.commandSpec();
        boolean takesJson = last.userObject() instanceof CliCommand;
        if (parsed.hasMatchedOption(JSON) && !takesJson) {
            throw new ParameterException(last.commandLine(), "`" + last.name() + "` prints no JSON document");
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Runs the command of {@code args} and returns its exit code. */
    static int run(String... args) {
        return runIn(System.getProperty("user.dir"), args);
    }

    /** The same in {@code workingFolder}, as the JVM read its name. */
    static int runIn(String workingFolder, String... args) {
        // Java looks for .env and config/application.yaml in it, whatever the settings say.
        if (!readable("working folder", workingFolder)
                || !Stream.of(args).allMatch(argument -> readable("argument", argument))) {
            return ExitCodes.USAGE;
        }
        return args.length == 0 ? new Commands().call() : lineFor(args).execute(args);
    }

    private static boolean readable(String what, String text) {
        boolean whole = DecodedText.whole(text);
        if (!whole) {
            System.err.println("litestow: the " + what + " '" + text
                    + "' holds a character that cannot be read under the locale of this process. " + DecodedText.HINT);
        }
        return whole;
    }

    private static int refuse(ParameterException mistake) {
        String words = mistake instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched)
                : mistake.getMessage().replaceFirst("^Error: ", "");
        System.err.println("litestow: " + words);
        System.err.println("Try `--help`.");
        return ExitCodes.USAGE;
    }

    private static String unmatched(UnmatchedArgumentException mistake) {
        boolean command = mistake.getCommandLine().getParent() == null && !mistake.isUnknownOption();
        String words =
                command ? "no command is named '" + mistake.getUnmatched().get(0) + "'" : mistake.getMessage();
        return words
                + mistake.getSuggestions().stream()
                        // A hidden command is nobody's intention.
                        .filter(alike -> !hidden(mistake.getCommandLine(), alike))
                        // picocli offers the least unlike, however unlike it is.
                        .filter(alike -> mistake.getUnmatched().get(0).startsWith(alike.substring(0, 1)))
                        .findFirst()
                        .map(alike -> ". Did you mean " + alike + "?")
                        .orElse("");
    }

    private static boolean hidden(CommandLine line, String name) {
        CommandLine command = line.getSubcommands().get(name);
        return command != null && command.getCommandSpec().usageMessage().hidden();
    }

    @Override
    public Integer call() {
        return Launcher.serve("serve");
    }

    /** Prints the versions of the build, of the engine and of Java. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "litestow "
                        + Optional.ofNullable(Commands.class.getPackage().getImplementationVersion())
                                .orElse("(unpackaged)"),
                "litestream " + Engine.VERSION,
                "java " + System.getProperty("java.version")
            };
        }

        /** Asked once, and only when somebody wants to know: it is a process. */
        private static final class Engine {
            static final String VERSION = EngineNotice.withoutSettings(System.getenv());

            private Engine() {}
        }
    }
}
