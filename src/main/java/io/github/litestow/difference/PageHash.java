package io.github.litestow.difference;

import io.github.litestow.sqlite.PageMask;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The hash of a page: the first 128 bits of SHA-256, so that nobody can make two pages that pass for
 * one. Of page 1 what says nothing of the content is left out. Not safe for concurrent use.
 */
final class PageHash {
    static final int BYTES = 16;

    private final int pageSize;
    private final MessageDigest digest = sha256();

    PageHash(int pageSize) {
        this.pageSize = pageSize;
    }

    byte[] of(int number, byte[] from, int offset) {
        if (number == 1) {
            ByteBuffer page = ByteBuffer.wrap(Arrays.copyOfRange(from, offset, offset + pageSize));
            PageMask.apply(page);
            digest.update(page);
        } else {
            digest.update(from, offset, pageSize);
        }
        return Arrays.copyOf(digest.digest(), BYTES);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
