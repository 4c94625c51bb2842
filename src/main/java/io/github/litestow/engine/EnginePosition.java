package io.github.litestow.engine;

import io.github.litestow.outcome.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
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
    /** No WAL has these salts but by a chance of one in 2^64; they tell our files from the engine's. */
    private static final long OUR_SALTS = 0x4C69746573746F77L;

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
            try (FileChannel channel = FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    LtxWriter out = new LtxWriter(
                            Channels.newOutputStream(channel),
                            new LtxWriter.Header(pageSize, 1, txid, txid, Instant.EPOCH, OUR_SALTS))) {
                out.page(1, new byte[pageSize], 0);
                out.finish();
                channel.force(true);
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
     * Returns whether the engine is to go on after this transaction by a position of ours.
     *
     * @throws Failure {@code DISK} when the state cannot be read
     */
    public static boolean isAt(Path engineFolder, String txid) throws Failure {
        return isOurs(engineFolder)
                && EngineState.newestTxid(engineFolder).filter(txid::equals).isPresent();
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
                if (header.remaining() == LtxFormat.HEADER && header.getLong(LtxFormat.SALTS) == OUR_SALTS) {
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
}
