package io.github.litestow.sqlite;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** From which rowid to which the leaf pages of a table hold rows (SQLite's file format, section 1.6). */
final class LeafRows {
    private static final int LEAF_OF_TABLE = 0x0d;
    private static final int CELLS = 3;
    private static final int POINTERS = 8;
    private static final int MORE = 0x80;
    private static final int BITS = 7;
    private static final int LONGEST = 9;

    private LeafRows() {}

    /**
     * Reads them.
     *
     * @param leaves the numbers of the pages, none of them the first
     */
    static List<Narrowing.Range> of(Path file, int pageSize, BitSet leaves) throws IOException {
        List<Narrowing.Range> ranges = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (int page = leaves.nextSetBit(0); page >= 0; page = leaves.nextSetBit(page + 1)) {
                ByteBuffer bytes = ByteBuffer.allocate(pageSize);
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, (page - 1L) * pageSize + bytes.position()) < 0) {
                        throw new EOFException("page " + page + " is beyond the end");
                    }
                }
                int cells = Short.toUnsignedInt(bytes.getShort(CELLS));
                if (bytes.get(0) != LEAF_OF_TABLE) {
                    throw new IOException("page " + page + " is no leaf of a table");
                }
                if (cells > 0) {
                    ranges.add(new Narrowing.Range(rowid(bytes, 0), rowid(bytes, cells - 1)));
                }
            }
        }
        return ranges;
    }

    private static long rowid(ByteBuffer page, int cell) {
        int at = Short.toUnsignedInt(page.getShort(POINTERS + 2 * cell));
        // Before it, how long the row is.
        int length = 1;
        while (length < LONGEST && (page.get(at + length - 1) & MORE) != 0) {
            length++;
        }
        return number(page, at + length);
    }

    /** A number of one to nine bytes, the high ones first; the ninth counts whole. */
    private static long number(ByteBuffer page, int at) {
        long value = 0;
        for (int i = 0; i < LONGEST - 1; i++) {
            byte part = page.get(at + i);
            value = (value << BITS) | (part & (MORE - 1));
            if ((part & MORE) == 0) {
                return value;
            }
        }
        return (value << Byte.SIZE) | (page.get(at + LONGEST - 1) & 0xff);
    }
}
