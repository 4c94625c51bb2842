package io.github.litestow.difference;

import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.PageVisitor;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Writes a {@link PageIndex}: hashes first, then which point it is of, then a checksum of all. In a file
 * of its own until {@link #place}, so that what is in its place is always whole. Not safe for concurrent use.
 */
public final class PageIndexWriter implements PageVisitor, Closeable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final MessageDigest digest = PageHash.sha256();
    private final DataOutputStream out;
    private final PageKey key;
    private PageHash hash;
    private PageScan shown;

    /**
     * Begins an index with a key of its own.
     *
     * @param file that does not exist yet, on the file system of the index's place
     */
    public PageIndexWriter(Path file) throws IOException {
        this(file, PageKey.random());
    }

    /** As above, with the key of the hashes that will be added. */
    PageIndexWriter(Path file, PageKey key) throws IOException {
        this.file = file;
        this.key = key;
        this.channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        this.out = new DataOutputStream(
                new DigestOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), digest));
    }

    @Override
    public void begin(PageScan scan) {
        shown = scan;
        hash = new PageHash(key, scan.pageSize());
    }

    @Override
    public boolean page(int number, byte[] from, int offset) throws IOException {
        add(hash.of(number, from, offset));
        return true;
    }

    void add(byte[] pageHash) throws IOException {
        out.write(pageHash);
    }

    /**
     * Ends the index and puts it in its place, over what is there.
     *
     * @param place of the index
     * @param point of which it is
     */
    public void place(Path place, IndexedPoint point) throws IOException {
        out.write(new PageIndexTail(point, shown, key).bytes());
        out.write(digest.digest(), 0, PageHash.BYTES);
        out.flush();
        // Not forced to the disk: one that a power failure tears does not exist.
        channel.close();
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes what was not put in its place. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
