package io.github.litestow.store;

import io.github.litestow.engine.LtxFormat;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** What is at fixed places of an LTX file (superfly/ltx, format version 3), read from a replica. */
final class LtxBytes {
    private LtxBytes() {}

    /**
     * Returns how large a database is after the last transaction in a file; empty if it cannot be read, or
     * does not begin as such a file does: what stands there in another one is no size.
     */
    static Optional<Long> databaseBytes(ReplicaStore store, ReplicaFile file) throws Failure {
        int pages = LtxFormat.PAGE_SIZE + Integer.BYTES;
        return store.readRange(file, 0, pages + Integer.BYTES)
                .filter(bytes -> bytes.length == pages + Integer.BYTES)
                .map(ByteBuffer::wrap)
                .filter(header ->
                        header.getInt(0) == LtxFormat.MAGIC && LtxFormat.isPageSize(header.getInt(LtxFormat.PAGE_SIZE)))
                .map(header -> header.getInt(LtxFormat.PAGE_SIZE) * Integer.toUnsignedLong(header.getInt(pages)));
    }

    /** Returns the checksum of a whole file, which is at its end, in hexadecimal; empty if it cannot be read. */
    static Optional<String> checksum(ReplicaStore store, ReplicaFile file) throws Failure {
        return file.bytes() < LtxFormat.TRAILER
                ? Optional.empty()
                : store.readRange(file, file.bytes() - Long.BYTES, Long.BYTES)
                        .filter(bytes -> bytes.length == Long.BYTES)
                        .map(HexFormat.of()::formatHex);
    }

    /** Returns the page size, in bytes, of the database in a file; empty if it cannot be read. */
    static Optional<Integer> pageSize(ReplicaStore store, ReplicaFile file) throws Failure {
        return store.readRange(file, LtxFormat.PAGE_SIZE, Integer.BYTES)
                .filter(bytes -> bytes.length == Integer.BYTES)
                .map(bytes -> ByteBuffer.wrap(bytes).getInt());
    }

    /** Returns whether a local file is the very one at the replica, going by the checksums at its end. */
    static boolean same(ReplicaStore store, ReplicaFile file, Path local) throws Failure {
        if (!Files.isRegularFile(local, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(local, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size != file.bytes() || size < LtxFormat.TRAILER) {
                return false;
            }
            byte[] trailer = Channels.newInputStream(channel.position(size - LtxFormat.TRAILER))
                    .readNBytes(LtxFormat.TRAILER);
            Optional<byte[]> remote = store.readRange(file, size - LtxFormat.TRAILER, LtxFormat.TRAILER);
            return remote.isPresent() && Arrays.equals(remote.get(), trailer);
        } catch (IOException e) {
            throw new Failure(
                    FailureKind.DISK,
                    "cannot read the engine's state " + local + ": " + e,
                    "Check the owner and mode of the folder, and the disk.",
                    e);
        }
    }
}
