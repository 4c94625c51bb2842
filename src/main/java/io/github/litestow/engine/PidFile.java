package io.github.litestow.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.litestow.control.ProcessIdentity;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The note {@code engine.MARK.pid} (0600) in a database's state folder that an engine is at work on
 * it. It outlives a JVM that was killed, and leads {@link OrphanReaper} to the engine.
 *
 * @param mark what the engine and its descendants carry in their environment
 * @param owner the JVM that starts it
 * @param engine the engine process; empty before it is started
 * @param command the program it runs, as the operating system reports it
 */
record PidFile(String mark, ProcessIdentity owner, Optional<ProcessIdentity> engine, String command) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DELETED = " (deleted)";
    private static final Pattern MARK = Pattern.compile("[\\w-]{8,64}");

    /** Returns the note of an engine that this JVM is about to start. */
    static PidFile announce(String mark) {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current())
                .orElseThrow(() -> new IllegalStateException("the operating system does not know this JVM"));
        return new PidFile(mark, self, Optional.empty(), "");
    }

    /** Returns the note with the process that was started. */
    PidFile started(ProcessHandle child) {
        return new PidFile(mark, owner, ProcessIdentity.of(child), commandOf(child));
    }

    /** Returns the program of a process; empty text when the operating system does not say. */
    static String commandOf(ProcessHandle process) {
        String command = process.info().command().orElse("");
        // Linux says so when the binary was replaced, as an upgrade does.
        return command.endsWith(DELETED) ? command.substring(0, command.length() - DELETED.length()) : command;
    }

    /** Returns the notes in a state folder; none when there is no such folder. */
    static List<Path> in(Path stateFolder) throws Failure {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(stateFolder)) {
            return files;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(stateFolder, "engine.*pid")) {
            stream.forEach(files::add);
            return files;
        } catch (DirectoryIteratorException | IOException e) {
            throw Failure.disk("cannot read " + stateFolder, e);
        }
    }

    /** Reads a note; empty when the file is no note, or gone. */
    static Optional<PidFile> read(Path file) throws Failure {
        try {
            JsonNode note = JSON.readTree(Files.readString(file));
            String mark = note.path("mark").asText("");
            Optional<ProcessIdentity> owner = identity(note.path("owner"));
            return MARK.matcher(mark).matches() && owner.isPresent()
                    ? Optional.of(new PidFile(
                            mark,
                            owner.get(),
                            identity(note.path("engine")),
                            note.path("command").asText("")))
                    : Optional.empty();
        } catch (NoSuchFileException | JsonProcessingException e) {
            // Written by an atomic move, so a torn one is not ours; the caller treats both as no note.
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.disk("cannot read " + file, e);
        }
    }

    /** Returns the file of the note in a state folder. */
    Path fileIn(Path stateFolder) {
        return stateFolder.resolve("engine." + mark + ".pid");
    }

    /** Writes the note, makes the folder (0700) when it is missing, and returns the file. */
    Path write(Path stateFolder) throws Failure {
        Path file = fileIn(stateFolder);
        try {
            if (!Files.isDirectory(stateFolder)) {
                Files.createDirectories(
                        stateFolder,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            // createTempFile makes it 0600.
            Path draft = Files.createTempFile(stateFolder, "engine", ".tmp");
            try {
                Files.writeString(draft, json());
                return Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw Failure.disk("cannot note the engine's process in " + stateFolder, e);
        }
    }

    private String json() {
        ObjectNode note = JSON.createObjectNode().put("mark", mark).put("command", command);
        note.putObject("owner").put("pid", owner.pid()).put("start", owner.start());
        engine.ifPresent(
                process -> note.putObject("engine").put("pid", process.pid()).put("start", process.start()));
        return note.toString();
    }

    private static Optional<ProcessIdentity> identity(JsonNode node) {
        long pid = node.path("pid").asLong();
        String start = node.path("start").asText("");
        return pid > 0 && !start.isEmpty() ? Optional.of(new ProcessIdentity(pid, start)) : Optional.empty();
    }

    /** Removes a note, if it is still there. */
    static void remove(Path file) throws Failure {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failure.disk("cannot delete " + file, e);
        }
    }
}
