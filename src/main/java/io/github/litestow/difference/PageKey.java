package io.github.litestow.difference;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * The secret of one line of indexes, without which nobody can make two pages of one hash. Kept with the index,
 * in a file that only its owner reads. Immutable.
 */
final class PageKey {
    static final int BYTES = 32;

    private final byte[] secret;

    private PageKey(byte[] secret) {
        this.secret = secret;
    }

    /** Returns one that nobody knows. */
    static PageKey random() {
        byte[] secret = new byte[BYTES];
        // No constant: in a native image every process would go on from the same seed.
        new SecureRandom().nextBytes(secret);
        return new PageKey(secret);
    }

    /** Returns the one that these {@link #BYTES} bytes are. */
    static PageKey of(byte[] secret) {
        return new PageKey(secret.clone());
    }

    byte[] bytes() {
        return secret.clone();
    }

    /** Returns as many numbers of 32 bits as are asked for: SHA-256 of the secret and a counter. */
    int[] words(int count) {
        MessageDigest digest = PageHash.sha256();
        int[] words = new int[count];
        for (int block = 0; block * Long.BYTES < count; block++) {
            digest.update(secret);
            ByteBuffer part = ByteBuffer.wrap(digest.digest(
                    ByteBuffer.allocate(Integer.BYTES).putInt(block).array()));
            for (int i = block * Long.BYTES; i < Math.min(count, (block + 1) * Long.BYTES); i++) {
                words[i] = part.getInt();
            }
        }
        return words;
    }
}
