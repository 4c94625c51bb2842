package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.points.PointInTime;
import io.github.litestow.run.Database;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.VersionsRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code restore}: brings restore points back. */
@Command(
        name = "restore",
        description = {
            "Bring a restore point to the database's path, and never overwrite a database.",
            "With --replace, the one that is there goes to quarantine first."
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand extends RunCommand {
    private static final String ONE_FILE = "--to FILE is for one database";

    @Mixin
    DatabaseNames names;

    @ArgGroup
    Point point = new Point();

    @ArgGroup
    Target target = new Target();

    @Option(
            names = "--fallback",
            description = "If the point is damaged, restore the newest that is not, and report what is lost.")
    boolean fallback;

    @Option(names = "--if-exists", description = "Exit with 0 if the replica is empty.")
    boolean ifExists;

    @Option(
            names = "--from-versions",
            description =
                    "Believe nothing that is on top: restore the point from the versions that the bucket keeps, as"
                            + " they were when it was recorded. Needs --to, and one of --at, --txid, --label.")
    boolean fromVersions;

    /** Which restore point, by one of these; by none, the newest. */
    static final class Point {
        @Option(
                names = "--txid",
                paramLabel = "HEX",
                converter = CliValues.TxidValue.class,
                description = "Restore this point instead of the newest. Not at the replica: exit code 6.")
        String txid;

        @Option(
                names = "--at",
                paramLabel = "INSTANT",
                converter = CliValues.TimeValue.class,
                description = {
                    "Restore the newest point at or before this time: 2026-11-21T09:00:00Z, 2026-11-21T09:00",
                    "or 2026-11-21, its first moment (in the database's time zone), 17m or '17 minutes ago'.",
                    "Before the first point: exit code 6."
                })
        PointInTime at;

        @Option(
                names = "--label",
                paramLabel = "TEXT",
                description = "Restore the point with this label. There is none: exit code 9.")
        String label;
    }

    /** Where to, by one of these; by none, the database's path if nothing is there. */
    static final class Target {
        @Option(names = "--replace", description = "Replace the local database; the old one goes to quarantine.")
        boolean replace;

        @Option(
                names = "--to",
                paramLabel = "FILE",
                description = "Restore one database into this new file instead; its folder must exist.")
        Path file;
    }

    @Override
    void check() {
        if (target.file != null && names.given.size() > 1) {
            throw new ParameterException(spec.commandLine(), ONE_FILE + ": give one NAME with it");
        }
        boolean named = point.txid != null || point.at != null || point.label != null;
        if (fromVersions && (target.file == null || !named)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--from-versions needs --to FILE, and one of --at, --txid and --label: the newest point may be"
                            + " somebody else's");
        }
        if (fromVersions && (fallback || ifExists)) {
            throw new ParameterException(
                    spec.commandLine(), "--from-versions goes with neither --fallback nor --if-exists");
        }
    }

    @Override
    List<Database> databases(CommandContext context) throws Failure {
        List<Database> chosen = names.among(context);
        if (target.file != null && chosen.size() > 1) {
            throw new Failure(FailureKind.SETTINGS, ONE_FILE, "Give one NAME with it.");
        }
        return chosen;
    }

    @Override
    Function<Database, RunRecord> prepare(List<Database> databases, CommandContext context) throws Failure {
        Instant now = context.clock().instant();
        if (fromVersions) {
            VersionsRequest wanted = versions(databases.get(0), now);
            return database -> context.restores().fromVersions(database, wanted);
        }
        Map<String, RestoreRequest> requests = new HashMap<>();
        for (Database database : databases) {
            requests.put(database.name(), request(database, now));
        }
        return database -> context.restores().restore(database, requests.get(database.name()));
    }

    @Override
    int exitCode(Outcome outcome) {
        return ifExists && outcome.emptyReplica() ? ExitCodes.DONE : super.exitCode(outcome);
    }

    private VersionsRequest versions(Database database, Instant now) throws Failure {
        return new VersionsRequest(
                TRIGGER,
                moment(database, now),
                Optional.ofNullable(point.txid),
                Optional.ofNullable(point.label),
                target.file.toAbsolutePath());
    }

    private Optional<Instant> moment(Database database, Instant now) throws Failure {
        ZoneId zone = database.settings().snapshot().timeZone();
        return point.at == null ? Optional.empty() : Optional.of(point.at.at(now, zone));
    }

    private RestoreRequest request(Database database, Instant now) throws Failure {
        Optional<Instant> moment = moment(database, now);
        Optional<String> txid = point.label == null
                ? Optional.ofNullable(point.txid)
                : Optional.of(OfferedPoints.labelled(database, point.label).txid());
        Optional<Path> file = Optional.ofNullable(target.file).map(Path::toAbsolutePath);
        return new RestoreRequest(
                TRIGGER,
                new RestoreRequest.Point(txid, moment),
                new RestoreRequest.Target(file, target.replace, false),
                false,
                fallback);
    }
}
