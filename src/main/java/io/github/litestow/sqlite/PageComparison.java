package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Compares two SQLite database files page by page, exactly, apart from bytes that say nothing of the
 * content. Reads both through channels in blocks of 1 MiB, so memory is constant.
 *
 * <p>What is masked says {@link PageMask}; a copy made through the backup API has another schema cookie
 * too.
 */
final class PageComparison {
    private static final int BLOCK = 1 << 20;

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
        if (one.size() != other.size()) {
            return Optional.of("sizes differ: " + one.size() + " and " + other.size() + " bytes");
        }
        ByteBuffer left = ByteBuffer.allocateDirect(BLOCK);
        ByteBuffer right = ByteBuffer.allocateDirect(BLOCK);
        for (long position = 0; position < one.size(); position += BLOCK) {
            limit.check();
            fill(one, position, left);
            fill(other, position, right);
            mask(position, left);
            mask(position, right);
            int at = left.mismatch(right);
            if (at >= 0) {
                long page = (position + at) / pageSize + 1;
                return Optional.of("page " + page + " differs at byte " + (position + at) % pageSize);
            }
        }
        return Optional.empty();
    }

    static void fill(FileChannel channel, long position, ByteBuffer block) throws IOException {
        block.clear();
        while (block.hasRemaining()) {
            if (channel.read(block, position + block.position()) < 0) {
                break;
            }
        }
        block.flip();
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
