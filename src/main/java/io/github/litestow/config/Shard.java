package io.github.litestow.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which part of the databases of groups a service has: that of number {@code index} of {@code count}. Each
 * name belongs to one shard by its hash alone; when the number of shards changes from n to m, one name in
 * max(n, m) or so moves for each that is new or gone, and no other. Pure and immutable.
 *
 * @param index 0 or more, less than {@code count}
 * @param count 1 or more
 */
public record Shard(int index, int count) {

    /** Returns the shard to which a name belongs: that which, hashed together with it, gives the most. */
    public int of(String name) {
        int owner = 0;
        long most = 0;
        for (int shard = 0; shard < count; shard++) {
            long weight = weight(name, shard);
            if (shard == 0 || Long.compareUnsigned(weight, most) > 0) {
                owner = shard;
                most = weight;
            }
        }
        return owner;
    }

    private static long weight(String name, int shard) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // No name has this character in it.
            digest.update((name + "\0" + shard).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
