package io.github.litestow.packaged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux tells of other processes. */
final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");
    /** State 0A is LISTEN; the tenth column is the inode (proc(5)). */
    private static final Pattern LISTENING =
            Pattern.compile("\\s*\\d+: \\S+ \\S+ 0A \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d+) .*");

    private Processes() {}

    /** Returns the processes that run in this folder or were started with a path in it, ourselves left out. */
    static List<ProcessHandle> workingIn(Path folder) {
        Predicate<ProcessHandle> there = process -> workingDirectory(process).startsWith(folder.toString())
                || commandLine(process).contains(folder.toString());
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(there)
                .toList();
    }

    /** Returns the command line for a person. */
    static String describe(ProcessHandle process) {
        return process.pid() + " " + commandLine(process);
    }

    /** Returns whether a process has a TCP socket that accepts connections. */
    static boolean listens(long pid) {
        Set<String> own = sockets(pid);
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> read(PROC.resolve(Path.of("net", table))).lines())
                .map(LISTENING::matcher)
                .filter(Matcher::matches)
                .anyMatch(line -> own.contains(line.group(1)));
    }

    /** Returns what a process has open: paths, and what Linux calls the rest. */
    static Set<String> files(long pid) {
        return in(pid, "fd").map(Processes::target).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the names of a process' threads, of which Linux keeps 15 characters. */
    static Set<String> threads(long pid) {
        return in(pid, "task")
                .map(thread -> read(thread.resolve("comm")).strip())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> sockets(long pid) {
        return files(pid).stream()
                .map(SOCKET::matcher)
                .filter(Matcher::matches)
                .map(socket -> socket.group(1))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<Path> in(long pid, String folder) {
        try (Stream<Path> entries = Files.list(PROC.resolve(Path.of(Long.toString(pid), folder)))) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String workingDirectory(ProcessHandle process) {
        return target(PROC.resolve(Path.of(Long.toString(process.pid()), "cwd")));
    }

    private static String commandLine(ProcessHandle process) {
        return read(PROC.resolve(Path.of(Long.toString(process.pid()), "cmdline")))
                .replace('\0', ' ');
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Ended meanwhile, or another user's.
            return "";
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // A process that ended before or while it was read.
            return "";
        }
    }
}
