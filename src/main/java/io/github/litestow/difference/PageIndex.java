package io.github.litestow.difference;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.LtxFormat;
import io.github.litestow.sqlite.PageScan;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A hash of every page of a database at one restore point, so that what changed since is found without
 * asking the replica: 0.4 % of a database of the usual page size. It is read from front to back, once
 * its checksum was found to be right. One that is missing, torn or of another version does not exist, and
 * that is never a failure. Not safe for concurrent use.
 */
public final class PageIndex implements Closeable {
    private static final Logger LOG = Logger.getLogger(PageIndex.class);
    private static final String NAME = "pages.index";
    private static final int BUFFER = 1 << 16;
    /** Far more than any tail has. */
    private static final int MAX_TAIL = 1 << 12;

    private final FileChannel channel;
    private final PageIndexTail tail;
    private final byte[] hash = new byte[PageHash.BYTES];
    private InputStream hashes;
    private long left;

    private PageIndex(FileChannel channel, PageIndexTail tail) throws IOException {
        this.channel = channel;
        this.tail = tail;
        restart();
    }

    /** Returns where the index of a database is. */
    public static Path place(ConfiguredDatabase database) {
        return database.stateFolder().resolve(NAME);
    }

    /** Opens an index, if there is one to rely on. */
    public static Optional<PageIndex> open(Path place) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            PageIndex index = checked(channel);
            channel = null;
            return Optional.of(index);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debugf("%s is not used: %s", place, e);
            return Optional.empty();
        } finally {
            closeQuietly(channel);
        }
    }

    /** Returns of which point the index is, without reading it all; empty when there is none. */
    public static Optional<IndexedPoint> pointOf(Path place) {
        try (FileChannel channel = FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(tail(channel).point());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static PageIndex checked(FileChannel channel) throws IOException {
        PageIndexTail tail = tail(channel);
        long end = channel.size() - PageHash.BYTES;
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(0)), BUFFER);
        MessageDigest digest = PageHash.sha256();
        byte[] part = new byte[BUFFER];
        for (long at = 0; at < end; ) {
            int read = in.read(part, 0, (int) Math.min(part.length, end - at));
            if (read < 0) {
                throw new IOException("it ends early");
            }
            digest.update(part, 0, read);
            at += read;
        }
        if (!Arrays.equals(in.readNBytes(PageHash.BYTES), Arrays.copyOf(digest.digest(), PageHash.BYTES))) {
            throw new IOException("its checksum is wrong");
        }
        if (!LtxFormat.isPageSize(tail.shown().pageSize())) {
            throw new IOException("a page size of " + tail.shown().pageSize());
        }
        PageIndex index = new PageIndex(channel, tail);
        if (end != index.left * PageHash.BYTES + tail.bytes().length) {
            throw new IOException("it has hashes of another number of pages");
        }
        return index;
    }

    private static PageIndexTail tail(FileChannel channel) throws IOException {
        long lengthAt = channel.size() - PageHash.BYTES - Integer.BYTES;
        if (lengthAt < 0) {
            throw new IOException("it is too short");
        }
        // A channel's stream is not closed: that would close the channel.
        int length = ByteBuffer.wrap(
                        Channels.newInputStream(channel.position(lengthAt)).readNBytes(Integer.BYTES))
                .getInt();
        if (length < 0 || length > MAX_TAIL || length > lengthAt) {
            throw new IOException("its last part has " + length + " bytes");
        }
        return PageIndexTail.of(
                Channels.newInputStream(channel.position(lengthAt - length)).readNBytes(length));
    }

    /** Returns of which point it is. */
    public IndexedPoint point() {
        return tail.point();
    }

    /** Returns what the database was like at that point. */
    public PageScan shown() {
        return tail.shown();
    }

    /** Returns the key of its hashes. */
    PageKey key() {
        return tail.key();
    }

    /** Returns whether the next page, from the first on, had this hash. */
    boolean nextIs(byte[] other) throws IOException {
        if (left == 0) {
            return false;
        }
        left--;
        if (hashes.readNBytes(hash, 0, hash.length) < hash.length) {
            throw new IOException("the index was cut while it was read");
        }
        return Arrays.equals(hash, other);
    }

    /** Begins again at the first page. */
    void restart() throws IOException {
        left = hashes();
        hashes = new BufferedInputStream(Channels.newInputStream(channel.position(0)), BUFFER);
    }

    /** The page that SQLite locks has none. */
    private long hashes() {
        PageScan shown = tail.shown();
        return shown.pages() - (shown.pages() >= LtxFormat.lockPage(shown.pageSize()) ? 1 : 0);
    }

    /**
     * Writes down that the point of an index was proven, if there is one of that point.
     *
     * @param scratch a file that does not exist yet
     */
    public static void proven(Path place, String txid, Instant time, Path scratch) throws IOException {
        Optional<PageIndex> opened = open(place);
        if (opened.isEmpty()) {
            return;
        }
        try (PageIndex index = opened.get();
                PageIndexWriter copy = new PageIndexWriter(scratch, index.key())) {
            IndexedPoint point = index.point();
            if (!point.txid().equals(txid)) {
                return;
            }
            copy.begin(index.shown());
            for (; index.left > 0; index.left--) {
                copy.add(index.hashes.readNBytes(PageHash.BYTES));
            }
            copy.place(place, new IndexedPoint(txid, point.replicaId(), Optional.of(time)));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debugf(e, "an index that is not used could not be closed");
        }
    }
}
