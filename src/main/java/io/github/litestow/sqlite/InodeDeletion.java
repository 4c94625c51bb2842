package io.github.litestow.sqlite;

import io.github.litestow.config.ConfiguredDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Deletes the one file that a channel has open, whatever is put in its place meanwhile. A name can be
 * given to another file between a look and {@code unlink}, so the file is moved to a name of ours
 * first, and what was moved is looked at there: what is not that file, unchanged and with no second
 * name, is put back.
 */
final class InodeDeletion {
    private final Path file;
    private final Path aside;
    private final FileChannel channel;
    private final Object inode;

    /**
     * Prepares it.
     *
     * @param file the name it has
     * @param aside the name of ours, on the same file system, which must be free
     * @param channel the file, exclusively used through this process
     * @param inode what {@link #inode} said of it when the channel was opened
     */
    InodeDeletion(Path file, Path aside, FileChannel channel, Object inode) {
        this.file = file;
        this.aside = aside;
        this.channel = channel;
        this.inode = inode;
    }

    /** Returns the name of ours for a database that is being deleted. */
    static Path aside(ConfiguredDatabase database) {
        return database.stateFolder().resolve("deleting");
    }

    /** Returns which file a name leads to. */
    static Object inode(Path file) throws IOException {
        return Files.readAttributes(file, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Writes the mark into the file, moves it aside and deletes it. Unless that is done, the file has
     * its first bytes again, wherever it is by then.
     *
     * @param mark what its first bytes become
     * @throws FileAlreadyExistsException when another process put a file in its place, wrote to it or
     *     gave it a second name: nothing was deleted
     */
    void run(byte[] mark) throws IOException {
        if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(aside + " of an earlier deletion is still there");
        }
        ByteBuffer before = ByteBuffer.allocate(mark.length);
        channel.read(before, 0);
        byte[] header = Arrays.copyOf(before.array(), before.position());
        boolean deleted = false;
        try {
            write(mark);
            Map<String, Object> marked = attributes(file);
            if (!ours(marked)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            move();
            if (!marked.equals(attributes(aside)) || !startsWith(mark)) {
                FilePlacement.move(aside, file);
                throw new FileAlreadyExistsException(file.toString());
            }
            Files.delete(aside);
            deleted = true;
        } finally {
            if (!deleted && startsWith(mark)) {
                putHeaderBack(header, mark.length);
            }
        }
    }

    private void putHeaderBack(byte[] header, int marked) throws IOException {
        write(header);
        if (header.length < marked) {
            // It was shorter than the mark.
            channel.truncate(header.length);
        }
    }

    private void move() throws IOException {
        try {
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            throw new FileAlreadyExistsException(file.toString(), null, "it was moved away");
        }
    }

    private boolean ours(Map<String, Object> attributes) {
        return attributes.get("nlink").equals(1)
                && inode.equals(Map.of("dev", attributes.get("dev"), "ino", attributes.get("ino")));
    }

    /** All that shows that somebody else had a hand in it, apart from the name. */
    private static Map<String, Object> attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, "unix:dev,ino,nlink,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new FileAlreadyExistsException(file.toString(), null, "it was moved away");
        }
    }

    private boolean startsWith(byte[] mark) throws IOException {
        ByteBuffer now = ByteBuffer.allocate(mark.length);
        channel.read(now, 0);
        return !now.hasRemaining() && Arrays.equals(now.array(), mark);
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, buffer.position());
        }
        channel.force(false);
    }
}
