package io.github.litestow.difference;

import io.github.litestow.engine.LtxWriter;
import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.PageVisitor;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The pages of a database that are not as an index says, as a file that the engine takes for its next
 * transaction. The file has page 1 in any case, whose counters go up with every change. Made by showing
 * it every page, under a seal; beyond its limit it wants to see no more. Not safe for concurrent use.
 */
public final class Difference implements PageVisitor, Closeable {
    /** Tells our files from the engine's, and from {@code EnginePosition}'s. */
    private static final long SALTS = 0x646966666572L;

    private static final int BUFFER = 1 << 16;

    private final PageIndex since;
    private final String txid;
    private final Path file;
    private final long maxBytes;
    private final Instant time;
    private final PageIndexWriter index;
    private PageScan shown;
    private PageHash hash;
    private LtxWriter writer;
    private long changed;
    private boolean tooLarge;
    private boolean finished;

    /**
     * Prepares it.
     *
     * @param since what is known of the point that the database descends from
     * @param folder an empty folder for the file, which stays there
     * @param scratch an empty folder for the index
     * @param maxBytes how large the file may become
     * @param time when this is
     */
    public Difference(PageIndex since, Path folder, Path scratch, long maxBytes, Instant time) throws IOException {
        this.since = since;
        this.txid = next(since.point().txid());
        this.file = folder.resolve(txid + "-" + txid + ".ltx");
        this.maxBytes = maxBytes;
        this.time = time;
        this.index = new PageIndexWriter(scratch.resolve("pages.index"), since.key());
    }

    private static String next(String txid) {
        return String.format("%016x", Long.parseUnsignedLong(txid, 16) + 1);
    }

    @Override
    public void begin(PageScan scan) throws IOException {
        shown = scan;
        since.restart();
        index.begin(scan);
        hash = new PageHash(since.key(), scan.pageSize());
        // The engine keeps one page size per series.
        tooLarge = scan.pageSize() != since.shown().pageSize();
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        writer = new LtxWriter(
                new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER),
                new LtxWriter.Header(scan.pageSize(), scan.pages(), txid, txid, time, SALTS));
    }

    @Override
    public boolean page(int number, byte[] from, int offset) throws IOException {
        byte[] now = hash.of(number, from, offset);
        index.add(now);
        boolean same = since.nextIs(now);
        if (!same) {
            changed++;
        }
        if (!(same && number > 1) && !tooLarge) {
            writer.page(number, from, offset);
            tooLarge = writer.bytes() > maxBytes;
        }
        return !tooLarge;
    }

    private boolean same() {
        return shown != null && changed == 0 && shown.equals(since.shown());
    }

    /**
     * Ends the file.
     *
     * @return whether there is one to upload: every page was shown, something changed, and not too much
     */
    public boolean finish() throws IOException {
        if (shown == null || same() || tooLarge) {
            return false;
        }
        if (!finished) {
            writer.finish();
            finished = true;
        }
        return true;
    }

    /** Returns the transaction that the file is. */
    public String txid() {
        return txid;
    }

    /** Returns the transaction that it comes after. */
    public String since() {
        return since.point().txid();
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns how large the file is, in bytes. */
    public long bytes() {
        return writer.bytes();
    }

    /** Returns how many pages are not as they were. */
    public long changedPages() {
        return changed;
    }

    /**
     * Puts the index of the pages that it was shown in its place.
     *
     * @param provenAt when this transaction was proven; empty when it was only confirmed
     */
    public void placeIndex(Path place, Optional<Instant> provenAt) throws IOException {
        index.place(place, new IndexedPoint(txid, since.point().replicaId(), provenAt));
    }

    @Override
    public void close() throws IOException {
        try (index) {
            if (writer != null) {
                writer.close();
            }
        }
    }
}
