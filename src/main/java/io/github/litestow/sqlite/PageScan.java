package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a database file that nobody writes to, page by page, in blocks of 1 MiB: memory is constant.
 *
 * @param pageSize in bytes
 * @param pages how many there are
 */
public record PageScan(int pageSize, long pages) {
    private static final int JOURNAL_MODE = 18;
    private static final byte WAL = 2;
    private static final int IN_HEADER_SIZE = 28;

    /**
     * Shows each page of a file that was restored to scratch.
     *
     * @param limit when it must end, asked for each block
     * @throws Failure {@code DISK} when it cannot be read; {@code TIMEOUT} or {@code BUSY} when {@code limit} ended it
     */
    public static PageScan of(Path restored, PageVisitor visitor, WorkLimit limit) throws Failure {
        try (FileChannel channel = FileChannel.open(restored, StandardOpenOption.READ)) {
            PageScan scan = of(channel);
            scan.show(channel, false, visitor, limit);
            return scan;
        } catch (IOException e) {
            throw LocalFile.unreadable(restored, e);
        }
    }

    /** Looks at the header; {@link #whole} says whether that can be relied on. */
    static PageScan of(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(OffloadMark.LENGTH);
        PageComparison.fill(channel, 0, header);
        int pageSize = header.limit() < OffloadMark.LENGTH ? 0 : PageComparison.pageSize(header);
        return new PageScan(pageSize, pageSize == 0 ? 0 : channel.size() / pageSize);
    }

    /** Whether the file is just as long as its header says it is, as after a checkpoint. */
    boolean whole(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(OffloadMark.LENGTH);
        PageComparison.fill(channel, 0, header);
        return pages > 0
                && channel.size() == pages * pageSize
                && Integer.toUnsignedLong(header.getInt(IN_HEADER_SIZE)) == pages;
    }

    /**
     * Shows each page, until that is enough.
     *
     * @param wal whether page 1 is to say that the database uses write-ahead logging, as it does when it is not sealed
     */
    void show(FileChannel channel, boolean wal, PageVisitor visitor, WorkLimit limit) throws IOException, Failure {
        visitor.begin(this);
        int number = 0;
        try (ReadAhead blocks = new ReadAhead(new Pages(channel, pages * pageSize), ByteBuffer::allocate)) {
            while (blocks.hasNext()) {
                limit.check();
                long position = blocks.position();
                ByteBuffer block = blocks.next();
                if (position == 0 && wal) {
                    block.put(JOURNAL_MODE, WAL).put(JOURNAL_MODE + 1, WAL);
                }
                for (int offset = 0; offset + pageSize <= block.limit(); offset += pageSize) {
                    number++;
                    boolean lock = position + offset == PageMask.LOCK_BYTE;
                    if (!lock && !visitor.page(number, block.array(), block.arrayOffset() + offset)) {
                        return;
                    }
                }
            }
        }
    }

    /** A file as far as its pages go. */
    private record Pages(FileChannel channel, long size) implements PageComparison.Content {
        @Override
        public void fill(long position, ByteBuffer block) throws IOException {
            PageComparison.fill(channel, position, block);
        }
    }
}
