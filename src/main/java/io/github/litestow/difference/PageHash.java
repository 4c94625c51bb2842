package io.github.litestow.difference;

import io.github.litestow.sqlite.PageMask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The hash of a page, 128 bits. Of page 1 what says nothing of the content is left out. Not safe for concurrent use.
 *
 * <p>It is NH (Black and others, "UMAC", 1999; RFC 4418), four times with the key two numbers further on: whoever
 * does not know the key makes two pages of one hash with a chance of 1 to 2^128. What comes of it is made shorter by
 * SHA-256. SHA-256 of the pages themselves takes ten times as long in the image, whose JVM does not use the
 * processor's instructions for it ({@code TieredStopAtLevel=1}), and a database is sealed meanwhile.
 */
final class PageHash {
    static final int BYTES = 16;

    private static final VarHandle NUMBERS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HALF = 0xffff_ffffL;
    private static final int TIMES = 4;

    private final int pageSize;
    private final int[] key;
    private final MessageDigest digest = sha256();
    private final ByteBuffer sums = ByteBuffer.allocate(TIMES * Long.BYTES);

    PageHash(PageKey key, int pageSize) {
        this.pageSize = pageSize;
        this.key = key.words(pageSize / Integer.BYTES + 2 * (TIMES - 1));
    }

    byte[] of(int number, byte[] from, int offset) {
        if (number == 1) {
            byte[] page = Arrays.copyOfRange(from, offset, offset + pageSize);
            PageMask.apply(ByteBuffer.wrap(page));
            sum(page, 0);
        } else {
            sum(from, offset);
        }
        digest.update(sums.array());
        return Arrays.copyOf(digest.digest(), BYTES);
    }

    /** A loop of its own, without calls, so that every compiler of the JVM makes it fast. */
    private void sum(byte[] from, int offset) {
        int[] k = key;
        long one = 0;
        long two = 0;
        long three = 0;
        long four = 0;
        for (int at = 0, i = 0; at < pageSize; at += Long.BYTES, i += 2) {
            long pair = (long) NUMBERS.get(from, offset + at);
            int low = (int) pair;
            int high = (int) (pair >>> Integer.SIZE);
            one += ((low + k[i]) & HALF) * ((high + k[i + 1]) & HALF);
            two += ((low + k[i + 2]) & HALF) * ((high + k[i + 3]) & HALF);
            three += ((low + k[i + 4]) & HALF) * ((high + k[i + 5]) & HALF);
            four += ((low + k[i + 6]) & HALF) * ((high + k[i + 7]) & HALF);
        }
        sums.clear().putLong(one).putLong(two).putLong(three).putLong(four);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
