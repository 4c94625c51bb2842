package io.github.litestow.store;

/**
 * Decompresses one LZ4 block, and takes nothing for one that is not exactly that. Our own, because the
 * decompressors of the usual libraries let pass what the engine's refuses, and this one has to agree with
 * the engine's on what is whole.
 */
final class Lz4Block {
    private static final int LEAST_MATCH = 4;
    private static final int MORE = 15;
    private static final int OCTET = 0xff;

    private final byte[] from;
    private final byte[] to;
    private int read;
    private int written;

    private Lz4Block(byte[] from, byte[] to) {
        this.from = from;
        this.to = to;
    }

    /** Returns whether {@code from} is a block, whole, of so many bytes as {@code to} holds; then they are in it. */
    static boolean decompress(byte[] from, byte[] to) {
        try {
            return new Lz4Block(from, to).all();
        } catch (ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    private boolean all() {
        while (true) {
            int token = next();
            int literals = length(token >>> 4);
            System.arraycopy(from, read, to, written, literals);
            read += literals;
            written += literals;
            if (read == from.length) {
                // The last sequence has literals only, and says so.
                return written == to.length && (token & MORE) == 0;
            }
            int distance = next() | next() << Byte.SIZE;
            int match = length(token & MORE) + LEAST_MATCH;
            if (distance == 0 || distance > written || match > to.length - written) {
                return false;
            }
            for (int end = written + match; written < end; written++) {
                // One by one: what is copied may overlap what it is copied to.
                to[written] = to[written - distance];
            }
        }
    }

    private int next() {
        return from[read++] & OCTET;
    }

    private int length(int short4) {
        int length = short4;
        if (short4 == MORE) {
            int more;
            do {
                more = next();
                length += more;
            } while (more == OCTET);
        }
        return length;
    }
}
