package io.github.litestow.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The argument lists of litestream 0.5 (from 0.5.12 on). Every command reads {@link
 * EngineConfiguration} from standard input and names the database, never a replica URL: a {@code
 * file://} URL with a blank in it would lead to another folder (0.5.17 keeps {@code %20}), and
 * arguments are seen by every user of the host.
 */
final class EngineCommands {
    private static final List<String> CONFIGURED = List.of("-config", "/dev/stdin", "-no-expand-env");

    private EngineCommands() {}

    /** Returns the arguments that print the version. */
    static List<String> version() {
        return List.of("version");
    }

    /** Returns the arguments of one sync. */
    static List<String> replicateOnce() {
        List<String> arguments = new ArrayList<>(List.of("replicate", "-once"));
        arguments.addAll(CONFIGURED);
        return List.copyOf(arguments);
    }

    /** Returns the arguments of one sync that stores a snapshot file too. */
    static List<String> replicateWithSnapshot() {
        List<String> arguments = new ArrayList<>(replicateOnce());
        arguments.add("-force-snapshot");
        return List.copyOf(arguments);
    }

    /** Returns the arguments of a restore; without a TXID, of the newest transaction. */
    static List<String> restore(Path database, Optional<String> txid, Path output) {
        List<String> arguments = new ArrayList<>(List.of("restore"));
        arguments.addAll(CONFIGURED);
        arguments.addAll(List.of("-o", output.toString()));
        txid.ifPresent(value -> arguments.addAll(List.of("-txid", value)));
        arguments.addAll(List.of("-json", database.toString()));
        return List.copyOf(arguments);
    }

    /** Returns the arguments that print what a restore would read, and restore nothing. */
    static List<String> plan(Path database, String txid, Path output) {
        List<String> arguments = new ArrayList<>(List.of("restore"));
        arguments.addAll(CONFIGURED);
        arguments.addAll(List.of("-o", output.toString(), "-txid", txid, "-dry-run", "-json", database.toString()));
        return List.copyOf(arguments);
    }

    /** Returns the arguments that list every level of the replica. */
    static List<String> listing(Path database) {
        List<String> arguments = new ArrayList<>(List.of("ltx"));
        arguments.addAll(CONFIGURED);
        arguments.addAll(List.of("-json", "-level", "all", database.toString()));
        return List.copyOf(arguments);
    }
}
