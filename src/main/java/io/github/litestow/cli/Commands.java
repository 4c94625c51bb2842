package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line. Parsed before Quarkus starts, so that {@code --help} costs nothing. */
final class Commands {

    /** Without a subcommand: the service. */
    @Command(
            name = "litestow",
            description = {
                "Keeps SQLite databases in object storage, and deletes the local copy only on proof.",
                "Without a command: serve."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Commands.Version.class,
            subcommands = {
                Commands.Serve.class,
                Commands.Snapshot.class,
                RestoreCommand.class,
                Commands.ListPoints.class,
                Commands.Verify.class,
                Commands.Status.class,
                ConfigCommand.class,
                PruneCommand.class,
                HealthCommand.class,
                Commands.AwsReplicateDb.class,
                Commands.AwsRestoreDb.class,
                Commands.Demo.class,
                Commands.DemoWriter.class
            },
            footerHeading = "%nSettings come from .env, the environment and config/application.yaml:%n",
            footer = {
                "  REPLICA_URL   where the replica lies: s3://bucket/path or file:///path (required)",
                "  DB_SQLITE     the database's file name (default db.sqlite)",
                "  LITESTOW_FOLDER   the folder it lies in (default data)",
                "  LITESTREAM_ACCESS_KEY_ID, LITESTREAM_SECRET_ACCESS_KEY   keys for S3",
                "",
                "Exit codes: 0 done or nothing to do, 1 internal, 2 usage or settings, 3 timeout,",
                "  4 access denied, 5 replica missing or unreachable, 6 nothing to restore, 7 busy,",
                "  8 proof failed or source damaged, 9 refused, 10 disk, 11 no usable litestream."
            })
    static final class Root {}

    /** Prints the version of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"litestow " + Main.version()};
        }
    }

    @Command(
            name = "serve",
            description = {
                "Run the service: restore what is missing, snapshot by cron, answer health and metrics.",
                "Ends on SIGTERM, after a last snapshot that deletes nothing."
            },
            mixinStandardHelpOptions = true)
    static final class Serve {}

    @Command(
            name = "demo",
            description = {
                "Run the service on a sample database that keeps changing, and restore it after each offload.",
                "Everything lies below the folder of the settings; stop it with Ctrl-C."
            },
            mixinStandardHelpOptions = true)
    static final class Demo {}

    @Command(name = "demo-writer", hidden = true, description = "The demonstration's application.")
    static final class DemoWriter {
        @Parameters(paramLabel = "FILE", description = "The database.")
        String file;
    }

    /** What every one-shot command takes. */
    abstract static class NamedCommand implements CliCommand {
        @Parameters(arity = "0..*", paramLabel = "NAME", description = "Names of databases; all without one.")
        List<String> names = new ArrayList<>();

        @Option(names = "--json", description = "Print one JSON document on standard output.")
        boolean json;
    }

    @Command(
            name = "snapshot",
            description = {
                "Upload the database, prove the upload, and delete the local copy on that proof.",
                "A database that somebody uses is confirmed and kept; that is exit code 0, too."
            },
            mixinStandardHelpOptions = true)
    static final class Snapshot extends NamedCommand {
        @Option(names = "--keep", description = "Keep the local copy.")
        boolean keep;

        @Option(names = "--adopt", description = "Let the local file become the head without descending from it.")
        boolean adopt;

        @Option(
                names = "--timeout",
                paramLabel = "DURATION",
                converter = CliValues.DurationValue.class,
                description = "End within this time, for example PT90S or 90s (default: the settings').")
        Duration timeout;

        @Override
        public int run(Tools tools) throws Failure {
            SnapshotRequest request = new SnapshotRequest("command", keep, adopt, Optional.ofNullable(timeout));
            return tools.each(names, json, database -> tools.snapshots().snapshot(database, request), ExitCodes::of);
        }
    }

    @Command(
            name = "verify",
            description = {
                "Prove the newest state: upload what is new, restore it to scratch, check it, and compare it",
                "with the local database, whose writers go on. Deletes nothing."
            },
            mixinStandardHelpOptions = true)
    static final class Verify extends NamedCommand {
        @Override
        public int run(Tools tools) throws Failure {
            return tools.each(names, json, database -> tools.snapshots().verify(database, "command"), ExitCodes::of);
        }
    }

    @Command(
            name = "list",
            description = "List the restore points: time, transaction, size, and whether proven.",
            mixinStandardHelpOptions = true)
    static final class ListPoints extends NamedCommand {
        @Override
        public int run(Tools tools) throws Failure {
            return tools.list(names, json);
        }
    }

    @Command(
            name = "status",
            description = {
                "Tell where each database stands: last success, restore points, age, next run.",
                "Reads the local record, or the replica's own where there is none."
            },
            mixinStandardHelpOptions = true)
    static final class Status extends NamedCommand {
        @Override
        public int run(Tools tools) throws Failure {
            return tools.status(names, json);
        }
    }

    @Command(
            name = "aws-replicate-db",
            description = "pylts' name for snapshot; SECONDS is its deadline, not a time to wait.",
            mixinStandardHelpOptions = true)
    static final class AwsReplicateDb implements CliCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "SECONDS",
                converter = CliValues.SecondsValue.class,
                description = "The deadline (default: the settings').")
        Duration seconds;

        @Option(names = "--json", description = "Print one JSON document on standard output.")
        boolean json;

        @Override
        public int run(Tools tools) throws Failure {
            SnapshotRequest request = new SnapshotRequest("command", false, false, Optional.ofNullable(seconds));
            return tools.each(
                    List.of(), json, database -> tools.snapshots().snapshot(database, request), ExitCodes::of);
        }
    }

    @Command(
            name = "aws-restore-db",
            description = "pylts' name for restore --replace; the old database goes to quarantine.",
            mixinStandardHelpOptions = true)
    static final class AwsRestoreDb implements CliCommand {
        @Option(names = "--json", description = "Print one JSON document on standard output.")
        boolean json;

        @Override
        public int run(Tools tools) throws Failure {
            RestoreRequest request = RestoreRequest.newest("command", true);
            return tools.each(List.of(), json, database -> tools.restores().restore(database, request), ExitCodes::of);
        }
    }

    private Commands() {}
}
