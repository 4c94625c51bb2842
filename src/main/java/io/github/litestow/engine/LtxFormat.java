package io.github.litestow.engine;

/**
 * What is where in the engine's own files, LTX version 3 as litestream 0.5.17 writes and reads it. All
 * numbers are big-endian.
 *
 * <p>Header of 100 bytes: magic, flags, page size, pages after the transaction, first and last
 * transaction, time in ms, checksum before (0), WAL offset, WAL size, two salts, node, zeros. Then each
 * page in ascending order: number, flags, length, one LZ4 block; six zeros; an index of three unsigned
 * varints for each page (number, offset, length with header), a 0, and the index's length; and a trailer
 * of a 0 and the checksum of everything before, with pages as they are uncompressed.
 */
public final class LtxFormat {
    /** Bytes of the header. */
    public static final int HEADER = 100;

    /** Bytes of the trailer: a checksum that we and one-shot runs leave out, and that of the file. */
    public static final int TRAILER = 16;

    /** What a file begins with. */
    public static final int MAGIC = 0x4C545831; // LTX1

    /** Where the page size is; after it, how many pages the database has after the transaction. */
    public static final int PAGE_SIZE = 8;

    /** Where the first transaction is; after it, the last. */
    public static final int TRANSACTIONS = 16;

    /** Bytes before each page: its number and flags. A frame of zeros ends the pages. */
    public static final int FRAME = 6;

    /** The flag of a page that is one LZ4 block, after its length. */
    public static final short LZ4_BLOCK = 1;

    /** Where it says how many pages the database has after the transaction. */
    static final int PAGES = 12;

    /** Where it says from where in the WAL it was read, and how many bytes. */
    static final int WAL_OFFSET = 48;

    static final int WAL_SIZE = 56;

    /** Where the salts of that WAL are. */
    static final int SALTS = 64;

    static final int WITHOUT_ROLLING_CHECKSUM = 2;

    /** Behind the WAL's own header: from 0 the engine does not go on. */
    static final long WAL_START = 32;

    private static final int LEAST_PAGE = 512;
    private static final int LARGEST_PAGE = 65_536;
    private static final long LOCK_BYTE = 0x4000_0000L;
    private static final long LAST_BIT = 1L << 63;

    private LtxFormat() {}

    /** Returns whether SQLite knows pages of so many bytes. */
    public static boolean isPageSize(int bytes) {
        return bytes >= LEAST_PAGE && bytes <= LARGEST_PAGE && Integer.bitCount(bytes) == 1;
    }

    /** Returns the number of the page that SQLite locks, which holds nothing and is in no file. */
    public static int lockPage(int pageSize) {
        return (int) (LOCK_BYTE / pageSize) + 1;
    }

    /** Returns a checksum as it is written. */
    public static long written(Crc64 checksum) {
        return checksum.getValue() | LAST_BIT;
    }
}
