package io.github.litestow.store.file;

import io.github.litestow.outcome.Failure;
import io.github.litestow.store.WriteGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Puts a file in its place: whole, or not at all, and then nothing is left beside it. */
final class NewFile {
    private static final long PART = 1 << 20;

    private NewFile() {}

    /**
     * Copies it where none may be yet. Written beside its place under a name that the engine's own unfinished files
     * have, so that what a crash leaves is cleaned up with those.
     *
     * @return whether it was created; {@code false} means that another file is there
     */
    static boolean create(Path target, Path body, WriteGuard between) throws IOException, Failure {
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempFile(target.getParent(), ".", ".tmp");
        try {
            copy(body, temporary, between);
            between.check();
            return placed(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Writes it over what is there. A lease is written again and again, also to a full disk. */
    static void replace(Path target, byte[] body) throws IOException {
        Path temporary = Files.createTempFile(target.getParent(), ".write", null);
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(body);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void copy(Path body, Path temporary, WriteGuard between) throws IOException, Failure {
        try (FileChannel in = FileChannel.open(body, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            for (long at = 0; at < in.size(); ) {
                between.check();
                at += in.transferTo(at, PART, out);
            }
            out.force(true);
        }
    }

    private static boolean placed(Path temporary, Path target) throws IOException {
        try {
            // Fails if something is there; a rename would go over it.
            Files.createLink(target, temporary);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            return withoutLinks(temporary, target);
        }
    }

    /** A file system without hard links: what takes the name first has it, and is then given its content. */
    private static boolean withoutLinks(Path temporary, Path target) throws IOException {
        try {
            Files.createFile(target);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }
}
