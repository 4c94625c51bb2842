package io.github.litestow.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What distinguishes a process from a later one with the same pid.
 *
 * @param pid its process id
 * @param start when it started: on Linux the boot and the kernel's tick count, which, unlike the
 *     wall-clock instant that Java derives from them, are the same for every reader; elsewhere that
 *     instant
 */
public record ProcessIdentity(long pid, String start) {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");
    /** Fields of {@code /proc/PID/stat} after the command name, see proc(5): state, and start time. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    /** Returns the identity of a process; empty when it is gone, or dead and not yet reaped. */
    public static Optional<ProcessIdentity> of(ProcessHandle process) {
        if (!process.isAlive()) {
            return Optional.empty();
        }
        if (Files.isReadable(BOOT)) {
            return linux(process.pid());
        }
        return process.info().startInstant().map(instant -> new ProcessIdentity(process.pid(), instant.toString()));
    }

    /** Returns the living process that this is; empty when it has ended. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(process -> of(process).equals(Optional.of(this)));
    }

    private static Optional<ProcessIdentity> linux(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The command name may hold blanks and parentheses; nothing after it does.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return dead
                    ? Optional.empty()
                    : Optional.of(
                            new ProcessIdentity(pid, Files.readString(BOOT).strip() + "/" + fields[START_TIME]));
        } catch (IOException e) {
            // It ended between the two looks, and /proc with it.
            return Optional.empty();
        }
    }
}
