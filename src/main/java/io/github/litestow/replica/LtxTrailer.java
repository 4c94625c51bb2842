package io.github.litestow.replica;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The end of one of the engine's files, by which two of them are known to be the same. */
final class LtxTrailer {
    /** Post-apply checksum and file checksum, 8 bytes each (superfly/ltx, format version 3). */
    private static final int LENGTH = 16;

    private LtxTrailer() {}

    /**
     * Returns whether a local file is the one at the replica: of its size, and with the checksums of
     * the database after the transaction and of the file at its end.
     *
     * @throws Failure when either cannot be read
     */
    static boolean same(ReplicaStore store, ReplicaFile remote, Path local) throws Failure {
        if (!Files.isRegularFile(local, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            long size = Files.size(local);
            if (size != remote.bytes() || size < LENGTH) {
                return false;
            }
            byte[] trailer = Ranges.read(local, size - LENGTH, LENGTH);
            Optional<byte[]> there = store.readRange(remote, size - LENGTH, LENGTH);
            return there.isPresent() && Arrays.equals(there.get(), trailer);
        } catch (IOException e) {
            throw Failure.disk("cannot read the engine's state " + local, e);
        }
    }
}
