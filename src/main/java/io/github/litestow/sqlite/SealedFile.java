package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a database that is sealed: one channel, and which file it was when that was opened. Not
 * safe for concurrent use.
 */
final class SealedFile implements Closeable {
    private final Path path;
    /** So that whoever else in this process looks at the file meanwhile takes no lock away. */
    private final LiveFile live;

    private final FileChannel channel;
    private final Object inode;

    private SealedFile(Path path, LiveFile live, FileChannel channel, Object inode) {
        this.path = path;
        this.live = live;
        this.channel = channel;
        this.inode = inode;
    }

    /** Opens it; nothing is locked. */
    static SealedFile open(Path path) throws IOException {
        Object inode = InodeDeletion.inode(path);
        LiveFile live = LiveFile.pin(path);
        boolean opened = false;
        try {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            opened = true;
            return new SealedFile(path, live, channel, inode);
        } finally {
            if (!opened) {
                live.close();
            }
        }
    }

    FileChannel channel() {
        return channel;
    }

    /**
     * Shows each page, if the file is just as long as its header says it is.
     *
     * @param wal whether the database used write-ahead logging before it was sealed
     * @return whether they were shown
     */
    boolean show(PageVisitor visitor, boolean wal, WorkLimit limit) throws Failure {
        try {
            PageScan scan = PageScan.of(channel);
            boolean whole = scan.whole(channel);
            if (whole) {
                scan.show(channel, wal, visitor, limit);
            }
            return whole;
        } catch (IOException e) {
            throw LocalFile.unreadable(path, e);
        }
    }

    /** Whether the path still leads to this file. */
    boolean inPlace() {
        try {
            return inode.equals(InodeDeletion.inode(path));
        } catch (IOException e) {
            return false;
        }
    }

    /** What deletes it. */
    InodeDeletion deletion(Path aside) {
        return new InodeDeletion(path, aside, channel, inode);
    }

    /** Returns the first bytes of the file, those a mark would take, ready to be read. */
    ByteBuffer header() throws IOException {
        return read().flip();
    }

    /** Returns the page size that the file says it has, in bytes; 0 for a file that is too short to say. */
    int pageSize() throws IOException {
        return PageComparison.pageSize(read());
    }

    private ByteBuffer read() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(OffloadMark.LENGTH);
        channel.read(header, 0);
        return header;
    }

    @Override
    public void close() throws IOException {
        try (live) {
            channel.close();
        }
    }
}
