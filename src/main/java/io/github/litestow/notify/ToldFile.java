package io.github.litestow.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.journal.StateFiles;
import io.github.litestow.outcome.ErrorText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jboss.logging.Logger;

/**
 * {@code told.json} in the state folder of a database: what was told of it. Without the file, or where it
 * cannot be used, nothing was told: people are then told twice rather than never. Safe for concurrent use.
 */
final class ToldFile {
    private static final Logger LOG = Logger.getLogger("io.github.litestow.notify");

    private final Path file;
    private final ObjectMapper json;
    private Told told;

    /** Keeps it in this state folder, which need not exist yet. */
    ToldFile(Path stateFolder, ObjectMapper json) {
        this.file = stateFolder.resolve("told.json");
        this.json = json;
    }

    /** Returns what was told. */
    synchronized Told read() {
        if (told == null) {
            told = Told.NOTHING;
            try {
                told = StateFiles.read(file, json, Told.class);
            } catch (NoSuchFileException e) {
                LOG.debugf("nothing was told yet: %s is not there", file);
            } catch (IOException e) {
                LOG.warnf("%s cannot be used, so people may be told twice: %s", file, ErrorText.of(e));
            }
        }
        return told;
    }

    /** Writes down what is told from now on. */
    synchronized void write(Told next) {
        boolean same = next.equals(read());
        told = next;
        if (same || !Files.isDirectory(file.getParent())) {
            return;
        }
        try {
            Path temporary = file.resolveSibling("told.json.new");
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, json.writeValueAsBytes(next));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warnf("%s cannot be written, so people may be told twice: %s", file, ErrorText.of(e));
        }
    }
}
