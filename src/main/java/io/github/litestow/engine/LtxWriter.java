package io.github.litestow.engine;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Writes a file of the engine's own format ({@link LtxFormat}), page by page: of what is written only
 * the index of some ten bytes a page is kept in memory. Not safe for concurrent use.
 */
public final class LtxWriter implements Closeable {
    /** In pure Java: what it compresses to is the same on every machine, and nothing is unpacked. */
    private static final LZ4Compressor LZ4 = LZ4Factory.safeInstance().fastCompressor();

    private static final int SEVEN_BITS = 0x7f;

    private final OutputStream out;
    private final int pageSize;
    private final Crc64 checksum = new Crc64();
    private final ByteArrayOutputStream index = new ByteArrayOutputStream();
    private final byte[] block;
    private long written;
    private int last;

    /**
     * What a file says of itself.
     *
     * @param pageSize of the database, in bytes
     * @param pages how many the database has after the transaction
     * @param minTxid the first transaction, 16 hexadecimal digits; from the first on a file holds all pages
     * @param maxTxid the last transaction
     * @param time when it was made
     * @param salts of the WAL it came from, or what tells it from the engine's; not 0
     */
    public record Header(int pageSize, long pages, String minTxid, String maxTxid, Instant time, long salts) {
        byte[] bytes() {
            return ByteBuffer.allocate(LtxFormat.HEADER)
                    .putInt(LtxFormat.MAGIC)
                    .putInt(LtxFormat.WITHOUT_ROLLING_CHECKSUM)
                    .putInt(pageSize)
                    .putInt((int) pages)
                    .putLong(Long.parseUnsignedLong(minTxid, 16))
                    .putLong(Long.parseUnsignedLong(maxTxid, 16))
                    .putLong(time.toEpochMilli())
                    .putLong(0)
                    .putLong(LtxFormat.WAL_START)
                    .putLong(0)
                    .putLong(salts)
                    .array();
        }
    }

    /** Begins a file. {@code out} should be buffered; it is closed with this. */
    public LtxWriter(OutputStream out, Header header) throws IOException {
        this.out = out;
        this.pageSize = header.pageSize();
        this.block = new byte[LZ4.maxCompressedLength(pageSize)];
        put(header.bytes());
    }

    /**
     * Adds a page.
     *
     * @param number from 1 on, above the one before, and not {@link LtxFormat#lockPage}
     * @param from where its bytes are, from {@code offset} on
     */
    public void page(int number, byte[] from, int offset) throws IOException {
        if (number <= last || number == LtxFormat.lockPage(pageSize)) {
            throw new IllegalArgumentException("page " + number + " after page " + last);
        }
        last = number;
        int length = LZ4.compress(from, offset, pageSize, block, 0);
        long begin = written;
        put(ByteBuffer.allocate(LtxFormat.FRAME + Integer.BYTES)
                .putInt(number)
                .putShort(LtxFormat.LZ4_BLOCK)
                .putInt(length)
                .array());
        checksum.update(from, offset, pageSize);
        out.write(block, 0, length);
        written += length;
        variable(number);
        variable(begin);
        variable(written - begin);
    }

    /** Returns how many bytes were written. */
    public long bytes() {
        return written;
    }

    /** Ends the file: the end of its pages, the index, the trailer. Nothing may be added after that. */
    public void finish() throws IOException {
        put(new byte[LtxFormat.FRAME]);
        variable(0);
        put(index.toByteArray());
        put(number(index.size()));
        put(number(0));
        out.write(number(LtxFormat.written(checksum)));
        written += Long.BYTES;
        out.flush();
    }

    private void put(byte[] bytes) throws IOException {
        checksum.update(bytes);
        out.write(bytes);
        written += bytes.length;
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private void variable(long value) {
        long rest = value;
        while (rest > SEVEN_BITS) {
            index.write((int) (rest & SEVEN_BITS) | SEVEN_BITS + 1);
            rest >>>= 7;
        }
        index.write((int) rest);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
