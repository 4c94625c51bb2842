package io.github.litestow.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Whether a file that SQLite cannot read may be a database of SQLCipher, SEE or the like, which is whole
 * for those who have its key: nobody is told to replace it then without having thought of that.
 */
public final class Encryption {
    /** What to do about such a file. */
    public static final String HINT =
            "Nothing was uploaded and the replica is as it was. If it is encrypted, it may be whole: litestream cannot"
                    + " read such a database, so it can be backed up only by its application (an export without a key,"
                    + " or a file that it encrypts itself). If it is not, go back to the replica with"
                    + " `restore --replace` (the local file goes to quarantine).";

    private static final int SMALLEST_PAGE = 512;
    private static final int SAMPLE = 4096;

    /** Some of these leave up to as much of a header readable. */
    private static final int HEADER = 100;

    /** Bits in a byte: 4 KiB at random have 7.95, 412 bytes 7.5, text and records below 6.5. */
    private static final double RANDOM = 7.2;

    private Encryption() {}

    /**
     * Returns whether the file is made of whole pages whose bytes look random. Opens and closes it, so
     * never while a seal or another connection of this process is on it. A file that cannot be read
     * says nothing.
     */
    public static boolean possible(Path file) {
        try {
            byte[] start = LiveFile.start(file, SAMPLE);
            return Files.size(file) % SMALLEST_PAGE == 0
                    && start.length >= SMALLEST_PAGE
                    && entropy(Arrays.copyOfRange(start, HEADER, start.length)) > RANDOM;
        } catch (IOException e) {
            return false;
        }
    }

    private static double entropy(byte[] bytes) {
        int[] counts = new int[256];
        for (byte value : bytes) {
            counts[Byte.toUnsignedInt(value)]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / bytes.length;
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }
}
