package io.github.litestow.cli;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestoreRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Brings restore points back; what a mistake on its command line is, is decided before anything runs. */
@Command(
        name = "restore",
        description = {
            "Bring a restore point to the database's path, and never overwrite a database.",
            "With --replace the one that is there goes to quarantine first."
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand extends Commands.NamedCommand {
    @Option(names = "--replace", description = "Replace the local database; the old one goes to quarantine.")
    boolean replace;

    @Option(
            names = "--txid",
            paramLabel = "HEX",
            converter = CliValues.TxidValue.class,
            description = "Restore this point instead of the newest.")
    String txid;

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            converter = CliValues.TimeValue.class,
            description = {
                "Restore the newest point at or before this time: 2026-11-21T09:00:00Z, 2026-11-21T09:00",
                "(in the database's time zone), or '2h ago'. Before the first point: exit code 6."
            })
    PointInTime at;

    @Option(names = "--to", paramLabel = "FILE", description = "Restore into this new file instead.")
    Path to;

    @Option(
            names = "--fallback",
            description = "If the point is damaged, take the newest that restores and say what is lost.")
    boolean fallback;

    @Option(names = "--if-exists", description = "An empty replica is exit code 0.")
    boolean ifExists;

    @Override
    public int run(Tools tools) throws Failure {
        if (txid != null && at != null) {
            throw usage("--txid and --at name a restore point each", "Give one of them.");
        }
        if (to != null && (replace || tools.named(names).size() > 1)) {
            throw usage("--to names one new file", "Give one NAME with it, and no --replace.");
        }
        Map<String, RestoreRequest> requests = new HashMap<>();
        for (Database database : tools.named(names)) {
            requests.put(database.name(), request(database, tools.clock().instant()));
        }
        return tools.each(
                names,
                json,
                database -> tools.restores().restore(database, requests.get(database.name())),
                outcome -> ifExists && outcome.emptyReplica() ? ExitCodes.DONE : ExitCodes.of(outcome));
    }

    private RestoreRequest request(Database database, Instant now) throws Failure {
        ZoneId zone = database.settings().snapshot().timeZone();
        Optional<Instant> moment = at == null ? Optional.empty() : Optional.of(at.at(now, zone));
        return new RestoreRequest(
                "command",
                new RestoreRequest.Point(Optional.ofNullable(txid), moment),
                new RestoreRequest.Target(Optional.ofNullable(to).map(Path::toAbsolutePath), replace, false),
                false,
                fallback);
    }

    private static Failure usage(String what, String hint) {
        return new Failure(FailureKind.SETTINGS, what, hint);
    }
}
