package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a database's main file beside SQLite. Closing any descriptor of a file drops every lock that the
 * process has on it (POSIX), SQLite's too. So while a {@link WalPin} or a {@link Seal} has locks on a file,
 * whatever reads it here goes through one descriptor, which is closed after those locks were given up. While
 * it is held no other file gets its number, so that {@link #isAt} knows it from any other. Safe for concurrent
 * use.
 */
public final class LiveFile implements AutoCloseable {
    /** The locks are the process's, and so is this; by file and not by name; guarded by itself. */
    private static final Map<Object, LiveFile> PINNED = new HashMap<>();

    private final Object key;
    private final FileChannel channel;
    private int pins;

    private LiveFile(Object key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Keeps the file open; to be closed after the last connection of the pin was.
     *
     * @throws IOException when it is not there, is no regular file, or cannot be read
     */
    public static LiveFile pin(Path file) throws IOException {
        synchronized (PINNED) {
            LiveFile live = PINNED.get(key(file));
            if (live == null) {
                FileChannel channel = open(file);
                live = new LiveFile(key(file), channel);
                PINNED.put(live.key, live);
            }
            live.pins++;
            return live;
        }
    }

    /** Returns the first bytes of a file, fewer if it is shorter. */
    static byte[] start(Path file, int length) throws IOException {
        synchronized (PINNED) {
            LiveFile live = PINNED.get(key(file));
            if (live != null) {
                return start(live.channel, length);
            }
            try (FileChannel channel = open(file)) {
                return start(channel, length);
            }
        }
    }

    /** A pipe would be waited on for ever, and with the lock that every database needs. */
    private static FileChannel open(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.toString(), null, "not a regular file");
        }
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private static byte[] start(FileChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    FileChannel channel() {
        return channel;
    }

    /** Returns whether this is the file that has this name now. */
    public boolean isAt(Path file) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && key.equals(key(file));
    }

    @Override
    public void close() throws IOException {
        synchronized (PINNED) {
            pins--;
            if (pins == 0) {
                PINNED.remove(key);
                channel.close();
            }
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
