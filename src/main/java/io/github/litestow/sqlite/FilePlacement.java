package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gives a file a second place on its file system, never over anything that is there. */
final class FilePlacement {

    private FilePlacement() {}

    /**
     * Moves a file to a path that must be free. A hard link fails if the name is taken, which a rename
     * does not. Where there are no hard links (FAT, SMB, many FUSE file systems) an empty file is made
     * exclusively, locked as SQLite locks a database, so that nobody writes to it meanwhile, and then
     * renamed over.
     *
     * @throws FileAlreadyExistsException when something is there; the file is then where it was
     */
    static void move(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            moveOverPlaceholder(file, target);
            return;
        }
        Files.delete(file);
    }

    static void moveOverPlaceholder(Path file, Path target) throws IOException {
        Files.createFile(target);
        try (EmptyFile placeholder = EmptyFile.lock(target)
                .orElseThrow(() -> new FileAlreadyExistsException(
                        target.toString(), file.toString(), "another process uses it already"))) {
            // Whoever waits for the lock holds a file without a name afterwards, and must be told so.
            placeholder.mark();
            boolean moved = false;
            try {
                placeholder.requireInPlace();
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                moved = true;
            } finally {
                if (!moved) {
                    placeholder.discard();
                }
            }
        }
    }
}
