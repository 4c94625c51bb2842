package io.github.litestow.lease;

import io.github.litestow.control.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process holds a lease, so that nobody under the same kernel waits for one that is dead. Of a
 * process elsewhere, or in another container, nothing is known: it is waited for.
 */
final class HolderProcess {
    /** Another one in each container that has processes of its own (pid_namespaces(7)). */
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    /** Of another user, as a rule: where it is hidden, so may be the process that is looked for (proc(5), hidepid). */
    private static final Path SOMEBODY_ELSE = Path.of("/proc/1/stat");

    private static final int PARTS = 3;

    private HolderProcess() {}

    /** Returns the text that names this process; empty where a process cannot be told from others. */
    static Optional<String> own() {
        return namespace()
                .flatMap(space -> ProcessIdentity.of(ProcessHandle.current())
                        .map(self -> space + " " + self.pid() + " " + self.start()));
    }

    /** Returns whether this text names a process that is known to have ended. */
    static boolean dead(String process) {
        String[] parts = process.split(" ", -1);
        if (parts.length != PARTS || !Files.isReadable(SOMEBODY_ELSE)) {
            return false;
        }
        boolean here = namespace().filter(parts[0]::equals).isPresent()
                && own().filter(self -> boot(self.split(" ", -1)[2]).equals(boot(parts[2])))
                        .isPresent();
        try {
            return here
                    && new ProcessIdentity(Long.parseLong(parts[1]), parts[2])
                            .find()
                            .isEmpty();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String boot(String start) {
        int slash = start.indexOf('/');
        return slash < 0 ? "" : start.substring(0, slash);
    }

    private static Optional<String> namespace() {
        try {
            return Optional.of(Files.readSymbolicLink(NAMESPACE).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
