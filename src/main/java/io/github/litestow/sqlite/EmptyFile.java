package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file without a byte at a database's path, held so that no SQLite connection can read or write it:
 * an application's connect makes such a file. SQLite itself is kept away from it, because a pragma is
 * enough to turn it into a database. Not safe for concurrent use; nothing else in this process may
 * have the file open.
 */
final class EmptyFile implements AutoCloseable {
    /** SQLite's pending, reserved and shared lock bytes (SQLite, {@code os.h}): all of them is exclusive use. */
    private static final long LOCK_BYTES = 0x40000000L;

    private static final long LOCK_LENGTH = 512;

    private static final String NO_TRANSACTION = "nothing";

    private final Path file;
    private final FileChannel channel;
    private final Object inode;

    private EmptyFile(Path file, FileChannel channel, Object inode) {
        this.file = file;
        this.channel = channel;
        this.inode = inode;
    }

    /**
     * Takes exclusive use at once.
     *
     * @return empty when somebody uses the file, or it is another one, or not empty any more
     */
    static Optional<EmptyFile> lock(Path file) throws IOException {
        Object inode = InodeDeletion.inode(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean held = false;
        try {
            held = channel.tryLock(LOCK_BYTES, LOCK_LENGTH, false) != null
                    && channel.size() == 0
                    && inode.equals(InodeDeletion.inode(file));
            return held ? Optional.of(new EmptyFile(file, channel, inode)) : Optional.empty();
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    /** Has whoever waits for the lock be told that this is no database, instead of "committed". */
    void mark() throws IOException {
        channel.write(ByteBuffer.wrap(OffloadMark.of(NO_TRANSACTION)), 0);
    }

    /** Deletes it, mark and all, if it still has its name: it was made by us, and nobody else used it. */
    void discard() throws IOException {
        requireInPlace();
        Files.delete(file);
    }

    /**
     * Makes sure that the path still leads to this file.
     *
     * @throws FileAlreadyExistsException when it does not
     */
    void requireInPlace() throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !inode.equals(InodeDeletion.inode(file))) {
            throw new FileAlreadyExistsException(file.toString());
        }
    }

    /**
     * Deletes it, through a name of ours.
     *
     * @throws FileAlreadyExistsException when it is another one by now, or not empty: it was left alone
     */
    void delete(Path aside) throws IOException {
        new InodeDeletion(file, aside, channel, inode).run(OffloadMark.of(NO_TRANSACTION));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
