package io.github.litestow.engine;

import java.util.zip.Checksum;

/**
 * The checksum of LTX files: CRC-64 of ISO 3309, as Go's {@code hash/crc64} computes it. Not safe for
 * concurrent use.
 */
public final class Crc64 implements Checksum {
    private static final long POLYNOMIAL = 0xD800000000000000L;
    private static final long[] TABLE = table();

    private long inverted = -1;

    private static long[] table() {
        long[] table = new long[256];
        for (int octet = 0; octet < table.length; octet++) {
            long value = octet;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : (value >>> 1) ^ POLYNOMIAL;
            }
            table[octet] = value;
        }
        return table;
    }

    @Override
    public void update(int octet) {
        inverted = TABLE[(int) (inverted ^ octet) & 0xff] ^ (inverted >>> Byte.SIZE);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            update(bytes[i]);
        }
    }

    @Override
    public long getValue() {
        return ~inverted;
    }

    @Override
    public void reset() {
        inverted = -1;
    }
}
