package io.github.litestow.engine;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A place to go on from, where the engine has none of its own. Litestream 0.5.17 reads its position
 * from the newest file of its local state, and fetches that from the replica when there is none: a
 * damaged one there, or one of another page size, stops every upload for good. A file of our own in the
 * local state, with one empty page, says only "after this transaction": no WAL continues it, so the next
 * upload is the whole database, as the next transaction. Nothing at the replica is touched.
 *
 * <p>What comes after such a position must be uploaded with a snapshot file: a restore would read what
 * is before it otherwise.
 */
public final class EnginePosition {
    private static final int HEADER = 100;
    private static final int MAGIC = 0x4C545831; // LTX1
    private static final int WITHOUT_ROLLING_CHECKSUM = 2;
    private static final int SALTS = 64;
    /** No WAL has these salts but by a chance of one in 2^64; they tell our files from the engine's. */
    private static final long OUR_SALTS = 0x4C69746573746F77L;

    /** Behind the WAL's own header: from 0 the engine does not go on (0.5.17). */
    private static final long WAL_START = 32;

    private static final long LAST_BIT = 1L << 63;
    private static final int LITERALS = 0xF0;
    private static final int LITERALS_IN_TOKEN = 15;
    private static final int MORE = 255;

    private EnginePosition() {}

    /**
     * Replaces the engine's local state by a position. Only while no engine runs.
     *
     * @param engineFolder the state folder beside the database; it need not exist
     * @param txid the transaction after which the engine goes on
     * @param pageSize of the local database, in bytes
     * @throws Failure {@code DISK} when it cannot be written
     */
    public static void put(Path engineFolder, String txid, int pageSize) throws Failure {
        EngineState.drop(engineFolder);
        Path level = engineFolder.resolve("ltx").resolve("0");
        Path file = level.resolve(txid + "-" + txid + ".ltx");
        try {
            Files.createDirectories(
                    level, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (FileChannel out = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = bytes(Long.parseUnsignedLong(txid, 16), pageSize);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
        } catch (IOException e) {
            throw Failure.disk("cannot write the engine's position " + file, e);
        }
    }

    /**
     * Returns whether the engine's local state holds a position of ours, so that what it uploads next
     * must be whole.
     *
     * @throws Failure {@code DISK} when the state cannot be read
     */
    public static boolean isOurs(Path engineFolder) throws Failure {
        return !ours(engineFolder).isEmpty();
    }

    /**
     * Deletes our position, after the whole database was uploaded behind it. Only while no engine runs.
     *
     * @throws Failure {@code DISK} when it cannot be deleted
     */
    public static void forget(Path engineFolder) throws Failure {
        for (Path file : ours(engineFolder)) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw Failure.disk("cannot delete the engine's position " + file, e);
            }
        }
    }

    private static List<Path> ours(Path engineFolder) throws Failure {
        Path level = engineFolder.resolve("ltx").resolve("0");
        if (!Files.isDirectory(level, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<Path> ours = new ArrayList<>();
        try (Stream<Path> files = Files.list(level)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                ByteBuffer header = EngineState.header(file);
                if (header.remaining() == HEADER && header.getLong(SALTS) == OUR_SALTS) {
                    ours.add(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw Failure.disk("cannot read the engine's state " + engineFolder, e.getCause());
        } catch (IOException e) {
            throw Failure.disk("cannot read the engine's state " + engineFolder, e);
        }
        return ours;
    }

    /** The file: header, one page of zeros, end of pages, index, trailer (LTX version 3). */
    private static ByteBuffer bytes(long txid, int pageSize) {
        byte[] block = literalBlock(new byte[pageSize]);
        ByteBuffer frame = ByteBuffer.allocate(10).putInt(1).putShort((short) 1).putInt(block.length);
        byte[] index = index(frame.capacity() + block.length);
        ByteBuffer file = ByteBuffer.allocate(HEADER + frame.capacity() + block.length + 6 + index.length + 16);
        file.putInt(MAGIC)
                .putInt(WITHOUT_ROLLING_CHECKSUM)
                .putInt(pageSize)
                .putInt(1)
                .putLong(txid)
                .putLong(txid)
                .putLong(0)
                .putLong(0)
                .putLong(WAL_START)
                .putLong(0)
                .putLong(OUR_SALTS);
        Crc64 checksum = new Crc64();
        checksum.update(file.array(), 0, HEADER);
        checksum.update(frame.array());
        checksum.update(new byte[pageSize]);
        checksum.update(new byte[6]);
        checksum.update(index);
        checksum.update(new byte[8]);
        return file.position(HEADER)
                .put(frame.array())
                .put(block)
                .put(new byte[6])
                .put(index)
                .putLong(0)
                .putLong(checksum.getValue() | LAST_BIT)
                .flip();
    }

    /** An LZ4 block that holds bytes as they are. */
    private static byte[] literalBlock(byte[] bytes) {
        int rest = bytes.length - LITERALS_IN_TOKEN;
        ByteBuffer block = ByteBuffer.allocate(1 + rest / MORE + 1 + bytes.length);
        block.put((byte) LITERALS);
        for (int left = rest; left >= 0; left -= MORE) {
            block.put((byte) Math.min(left, MORE));
        }
        block.put(bytes);
        return block.array();
    }

    /** One entry (page 1, where it is, how long), the end, and the length of both. */
    private static byte[] index(int length) {
        ByteBuffer index = ByteBuffer.allocate(32);
        putVariable(index, 1);
        putVariable(index, HEADER);
        putVariable(index, length);
        putVariable(index, 0);
        index.putLong(index.position());
        byte[] exact = new byte[index.position()];
        index.flip().get(exact);
        return exact;
    }

    private static void putVariable(ByteBuffer to, int value) {
        int rest = value;
        while (rest > 0x7f) {
            to.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }
}
