package io.github.litestow.litestream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
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

/**
 * The note {@code engine.PID.pid} (0600) in a database's state folder that an engine is at work on
 * it. It outlives a JVM that was killed, and leads {@link OrphanReaper} to the engine.
 *
 * @param engine the engine process
 * @param command the program it runs, as the operating system tells
 * @param owner the JVM that started it
 */
record PidFile(ProcessIdentity engine, String command, ProcessIdentity owner) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DELETED = " (deleted)";

    /** Returns what is to be noted about a child of ours; empty when it ended already. */
    static Optional<PidFile> of(ProcessHandle child) {
        Optional<ProcessIdentity> owner = ProcessIdentity.of(ProcessHandle.current());
        return ProcessIdentity.of(child)
                .flatMap(engine -> owner.map(self -> new PidFile(engine, commandOf(child), self)));
    }

    /** Returns the program of a process; empty text when the operating system does not tell. */
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
            throw disk("cannot read " + stateFolder, e);
        }
    }

    /** Reads a note; empty when it is none, or gone. */
    static Optional<PidFile> read(Path file) throws Failure {
        try {
            JsonNode note = JSON.readTree(Files.readString(file));
            return Optional.of(new PidFile(
                            identity(note.path("engine")),
                            note.path("command").asText(""),
                            identity(note.path("owner"))))
                    .filter(read -> read.engine.pid() > 0 && read.owner.pid() > 0);
        } catch (NoSuchFileException | JsonProcessingException e) {
            // Written in one move, so a torn one is not ours; the caller treats both as no note.
            return Optional.empty();
        } catch (IOException e) {
            throw disk("cannot read " + file, e);
        }
    }

    /** Writes the note, makes the folder (0700) when it is missing, and returns the file. */
    Path write(Path stateFolder) throws Failure {
        Path file = stateFolder.resolve("engine." + engine.pid() + ".pid");
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
            throw disk("cannot note the engine's process in " + stateFolder, e);
        }
    }

    private String json() {
        ObjectNode note = JSON.createObjectNode();
        note.putObject("engine").put("pid", engine.pid()).put("start", engine.start());
        note.put("command", command);
        note.putObject("owner").put("pid", owner.pid()).put("start", owner.start());
        return note.toString();
    }

    private static ProcessIdentity identity(JsonNode node) {
        return new ProcessIdentity(node.path("pid").asLong(), node.path("start").asText(""));
    }

    /** Removes a note, if it is still there. */
    static void remove(Path file) throws Failure {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw disk("cannot delete " + file, e);
        }
    }

    private static Failure disk(String what, Exception e) {
        return new Failure(
                FailureKind.DISK, what + ": " + e, "Check free space, owner and mode of the folder, and the disk.", e);
    }
}
