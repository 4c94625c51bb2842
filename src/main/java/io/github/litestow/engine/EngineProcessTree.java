package io.github.litestow.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * An engine process with everything it started. Descendants are found by parentage while it lives
 * and, on Linux, by a mark in the environment they inherited: that finds them after it died, too,
 * when the kernel has given them another parent.
 *
 * <p>Safe for concurrent use.
 */
final class EngineProcessTree {
    private static final Logger LOG = Logger.getLogger(EngineProcessTree.class);
    private static final Path PROC = Path.of("/proc");

    /** A child of a child may have been on its way while its parent was killed. */
    private static final int LOOKS = 2;

    /** The variable that carries the mark. */
    static final String MARK = "LITESTOW_ENGINE_RUN";

    private final ProcessHandle engine;
    private final String mark;

    EngineProcessTree(ProcessHandle engine, String mark) {
        this.engine = engine;
        this.mark = mark;
    }

    /** Asks every member to end (TERM). */
    void terminate() {
        // Through handles: Process.destroy would close the streams that are still being drained.
        members().forEach(ProcessHandle::destroy);
    }

    /**
     * Ends every member (KILL). The engine goes first, and a second look follows the first: a shell
     * whose child dies starts the next one in the moment that it has left.
     */
    void kill() {
        if (engine.isAlive()) {
            Set<ProcessHandle> known = members();
            engine.destroyForcibly();
            known.forEach(ProcessHandle::destroyForcibly);
        }
        Set<ProcessHandle> left = members();
        for (int look = 0; look < LOOKS && !left.isEmpty(); look++) {
            left.forEach(ProcessHandle::destroyForcibly);
            left = members();
        }
    }

    /** Ends the engine alone (KILL), in no time: looking for what it started takes some. */
    void killEngine() {
        engine.destroyForcibly();
    }

    private Set<ProcessHandle> members() {
        Set<ProcessHandle> members = new LinkedHashSet<>();
        // A dead engine's pid may be another process's by now.
        if (engine.isAlive()) {
            engine.descendants().forEach(members::add);
            members.add(engine);
        }
        members.addAll(marked(mark));
        return members;
    }

    /** Returns the living processes that carry a mark; none where there is no {@code /proc}. */
    static Set<ProcessHandle> marked(String mark) {
        Set<ProcessHandle> marked = new LinkedHashSet<>();
        if (!Files.isDirectory(PROC)) {
            return marked;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (carries(mark, process)) {
                    find(process).ifPresent(marked::add);
                }
            }
        } catch (DirectoryIteratorException | IOException e) {
            LOG.warn("cannot look for processes that the engine left behind", e);
        }
        return marked;
    }

    private static boolean carries(String mark, Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                    .contains(MARK + "=" + mark);
        } catch (IOException e) {
            // Another user's process, or one that ended just now: not one of ours either way.
            return false;
        }
    }

    private static Optional<ProcessHandle> find(Path process) {
        return ProcessHandle.of(Long.parseLong(String.valueOf(process.getFileName())));
    }
}
