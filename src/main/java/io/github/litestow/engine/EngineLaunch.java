package io.github.litestow.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One engine process to be started.
 *
 * @param command the binary and its arguments; it must not hold a secret
 * @param environment the child's whole environment
 * @param input what it reads from standard input, which is then closed
 * @param outputLimit bytes of standard output that are kept for certain
 * @param stateFolder where the process is noted while it runs, so that it can be ended after this JVM
 *     crashed; empty for one that can be left alone
 */
record EngineLaunch(
        List<String> command,
        Map<String, String> environment,
        String input,
        int outputLimit,
        Optional<Path> stateFolder) {

    EngineLaunch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        // Neither environment nor input: they may hold secrets.
        return "EngineLaunch" + command;
    }
}
