package io.github.litestow.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The command line: which commands there are. Without one: the service. */
@Command(
        name = "litestow",
        description = {
            "Keeps SQLite databases in object storage, and deletes the local copy only on proof.",
            "Without a command: serve."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        subcommands = {
            ServeCommand.class,
            SnapshotCommand.class,
            RestoreCommand.class,
            ListCommand.class,
            VerifyCommand.class,
            StatusCommand.class,
            ConfigCommand.class,
            PruneCommand.class,
            HealthCommand.class,
            AwsReplicateDbCommand.class,
            AwsRestoreDbCommand.class,
            DemoCommand.class,
            DemoWriterCommand.class
        },
        footerHeading = "%nSettings come from .env, the environment and config/application.yaml:%n",
        footer = {
            "  REPLICA_URL   where the replica is: s3://bucket/path or file:///path (required)",
            "  DB_SQLITE     the database's file name (default db.sqlite)",
            "  LITESTOW_FOLDER   the folder it is in (default data)",
            "  LITESTREAM_ACCESS_KEY_ID, LITESTREAM_SECRET_ACCESS_KEY   keys for S3",
            "",
            "Exit codes: 0 done or nothing to do, 1 internal, 2 usage or settings, 3 timeout,",
            "  4 access denied, 5 replica missing or unreachable, 6 nothing to restore, 7 busy,",
            "  8 proof failed or source damaged, 9 refused, 10 disk, 11 no usable litestream,",
            "  12 status --check: stale or failing."
        })
final class Commands implements Callable<Integer> {

    /**
     * Returns the command line, which parses, answers {@code --help} and {@code --version}, and calls
     * the command; a mistake is one line and exit code 2.
     */
    static CommandLine line() {
        return new CommandLine(new Commands()).setParameterExceptionHandler((mistake, args) -> refuse(mistake));
    }

    private static int refuse(ParameterException mistake) {
        System.err.println("litestow: " + mistake.getMessage().replaceFirst("^Error: ", ""));
        System.err.println("Try `--help`.");
        return ExitCodes.USAGE;
    }

    @Override
    public Integer call() {
        return Launcher.serve("serve");
    }

    /** Prints the version of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "litestow "
                        + Optional.ofNullable(Commands.class.getPackage().getImplementationVersion())
                                .orElse("(unpackaged)")
            };
        }
    }
}
