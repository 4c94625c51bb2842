package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Compares two SQLite database files page by page, exactly, apart from bytes that say nothing of the
 * content. Reads both through channels in blocks of 1 MiB, at the same time, so memory is constant.
 *
 * <p>What is masked says {@link PageMask}; a copy made through the backup API has another schema cookie
 * too.
 */
final class PageComparison {
    /** A whole number of pages, whatever their size. */
    static final int BLOCK = 1 << 20;

    private final int pageSize;
    private final boolean maskSchemaCookie;
    private final WorkLimit limit;

    /**
     * Prepares a comparison.
     *
     * @param pageSize the page size of the databases, 512 to 65536
     * @param maskSchemaCookie whether one side is a copy made through the backup API
     * @param limit when it must end, asked for each block
     */
    PageComparison(int pageSize, boolean maskSchemaCookie, WorkLimit limit) {
        this.pageSize = pageSize;
        this.maskSchemaCookie = maskSchemaCookie;
        this.limit = limit;
    }

    /**
     * Returns what differs first, in words for a person; empty when the two are equal.
     *
     * @throws Failure {@code TIMEOUT} or {@code BUSY} when its limit ended it
     */
    Optional<String> difference(FileChannel one, FileChannel other) throws IOException, Failure {
        return difference(new Whole(one), new Whole(other));
    }

    /** As {@link #difference(FileChannel, FileChannel)}, of content that need not be one file. */
    Optional<String> difference(Content one, Content other) throws IOException, Failure {
        if (one.size() != other.size()) {
            return Optional.of("sizes differ: " + one.size() + " and " + other.size() + " bytes");
        }
        try (ReadAhead ones = new ReadAhead(one, ByteBuffer::allocateDirect);
                ReadAhead others = new ReadAhead(other, ByteBuffer::allocateDirect)) {
            while (ones.hasNext()) {
                limit.check();
                long position = ones.position();
                ByteBuffer left = ones.next();
                ByteBuffer right = others.next();
                mask(position, left);
                mask(position, right);
                int at = left.mismatch(right);
                if (at >= 0) {
                    long page = (position + at) / pageSize + 1;
                    return Optional.of("page " + page + " differs at byte " + (position + at) % pageSize);
                }
            }
        }
        return Optional.empty();
    }

    /** The pages of a database, one after another. */
    interface Content {
        /** Returns how many bytes they are. */
        long size() throws IOException;

        /** Fills an empty block from a position on, as far as there is something, and flips it. */
        void fill(long position, ByteBuffer block) throws IOException;
    }

    /** A database in one file. */
    record Whole(FileChannel channel) implements Content {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void fill(long position, ByteBuffer block) throws IOException {
            PageComparison.fill(channel, position, block);
        }
    }

    /** Fills the block from a position on, as far as the file goes, and flips it. */
    static void fill(FileChannel channel, long position, ByteBuffer block) throws IOException {
        read(channel, position, block.clear());
        block.flip();
    }

    /** Reads until the block is full or the file ends. */
    static void read(FileChannel channel, long position, ByteBuffer block) throws IOException {
        int from = block.position();
        while (block.hasRemaining()) {
            if (channel.read(block, position + block.position() - from) < 0) {
                break;
            }
        }
    }

    private void mask(long position, ByteBuffer block) {
        if (position == 0) {
            PageMask.apply(block, maskSchemaCookie);
        }
        if (position == PageMask.LOCK_BYTE) {
            PageMask.zero(block, 0, pageSize);
        }
    }

    /** Returns the page size in a header (SQLite, "Database File Format", section 1.3.2). */
    static int pageSize(ByteBuffer header) {
        int size = Short.toUnsignedInt(header.getShort(16));
        return size == 1 ? 65536 : size;
    }
}
