package io.github.litestow.cli;

import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code move}: a database belongs to another shard from now on. */
@Command(
        name = "move",
        description = {
            "Move a database of a group to another shard.",
            "Writes that down at the group's replicas. The service that has the database uploads it, proves it,"
                    + " deletes its copy and leaves it; that of the other shard brings it back."
        },
        mixinStandardHelpOptions = true)
final class MoveCommand extends CliCommand {
    @Parameters(paramLabel = "NAME", description = "The database.")
    String database;

    @Option(
            names = "--to",
            paramLabel = "SHARD",
            required = true,
            description = "The number of the shard; that of the name's hash takes an earlier move back.")
    int shard;

    /**
     * What {@code --json} prints.
     *
     * @param database its name
     * @param shard to which it belongs now
     * @param exitCode the exit code
     */
    @RegisterForReflection
    record MoveDocument(String database, int shard, int exitCode) implements JsonDocument {}

    @Override
    int run(CommandContext context) throws Failure {
        for (DatabaseGroup group : context.settings().groups()) {
            Optional<String> member = group.memberOf(database);
            if (member.isPresent()) {
                context.shards().move(group, member.get(), shard);
                if (json()) {
                    context.output().print(new MoveDocument(database, shard, ExitCodes.DONE));
                } else {
                    context.output()
                            .out()
                            .println(
                                    database + " belongs to shard " + shard
                                            + " now. It moves when the service that has it looks the next time and nobody uses it.");
                }
                return ExitCodes.DONE;
            }
        }
        throw new Failure(
                FailureKind.SETTINGS,
                "no group can have a database named '" + database + "'",
                "Only databases of groups move between services.");
    }
}
