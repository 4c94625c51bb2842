package io.github.litestow.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * The checksum of LTX files: CRC-64 of ISO 3309, as Go's {@code hash/crc64} computes it. Not safe for
 * concurrent use.
 */
public final class Crc64 implements Checksum {
    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long POLYNOMIAL = 0xD800000000000000L;
    /** What an octet does to the checksum, with 0 to 7 octets of 0 after it: eight are taken at once. */
    private static final long[][] TABLES = tables();

    private long inverted = -1;

    private static long[][] tables() {
        long[][] tables = new long[Long.BYTES][256];
        for (int octet = 0; octet < tables[0].length; octet++) {
            long value = octet;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : (value >>> 1) ^ POLYNOMIAL;
            }
            tables[0][octet] = value;
        }
        for (int table = 1; table < tables.length; table++) {
            for (int octet = 0; octet < tables[0].length; octet++) {
                long before = tables[table - 1][octet];
                tables[table][octet] = tables[0][(int) before & 0xff] ^ (before >>> Byte.SIZE);
            }
        }
        return tables;
    }

    @Override
    public void update(int octet) {
        inverted = TABLES[0][(int) (inverted ^ octet) & 0xff] ^ (inverted >>> Byte.SIZE);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        int i = offset;
        for (int end = offset + length - Long.BYTES; i <= end; i += Long.BYTES) {
            long eight = inverted ^ (long) LITTLE_ENDIAN.get(bytes, i);
            inverted = 0;
            for (int octet = 0; octet < Long.BYTES; octet++) {
                inverted ^= TABLES[Long.BYTES - 1 - octet][(int) (eight >>> (octet * Byte.SIZE)) & 0xff];
            }
        }
        for (; i < offset + length; i++) {
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
