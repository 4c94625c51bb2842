package io.github.litestow.sqlite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the first 100 bytes of a database become just before it is deleted.
 *
 * <p>A connection that was open before the deletion, or that waited for the seal to end, still holds
 * the file. With this mark in place it is told {@code SQLITE_NOTADB} instead of "committed"; without
 * it, 107 of 500 commits went to a deleted file in the journal modes MEMORY and OFF. The change
 * counter and the page-1 fields (bytes 24 to 39) must be covered, or such a connection believes its
 * cache.
 */
final class OffloadMark {
    /** The size of an SQLite database header (SQLite, "Database File Format", section 1.3). */
    static final int LENGTH = 100;

    private static final String START = "LITESTOW OFFLOADED ";

    private OffloadMark() {}

    /** Returns the mark for a database whose restore point is {@code txid}. */
    static byte[] of(String txid) {
        byte[] mark = new byte[LENGTH];
        Arrays.fill(mark, (byte) '.');
        byte[] text = (START + txid + ": proven and deleted here; run `restore` to bring it back\n")
                .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, mark, 0, Math.min(text.length, LENGTH));
        return mark;
    }

    /** Returns whether a file that starts like this was on its way to be deleted, with its proof. */
    static boolean marks(byte[] header) {
        byte[] start = START.getBytes(StandardCharsets.US_ASCII);
        return header.length >= start.length && Arrays.equals(header, 0, start.length, start, 0, start.length);
    }
}
