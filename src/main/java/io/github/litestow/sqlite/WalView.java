package io.github.litestow.sqlite;

import io.github.litestow.control.WorkLimit;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.WalPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A live database as it was at the end of one transaction, whoever writes meanwhile: the main file, and
 * over it, for each page, its last frame in the WAL that belongs to that transaction or one before.
 *
 * <p>That is so while a read transaction is open that began before the transaction ended (SQLite, "WAL
 * mode", sections 2.2 and 2.3): no checkpoint moves a frame behind that reader's end into the main file, and the
 * WAL is not started over. So a page without a frame in the view is not written in the main file by anybody, and
 * a page with one is not read from there. {@link WalPin} is that transaction.
 *
 * <p>Each frame is held against the WAL's salts and its cumulative checksum, as SQLite's own recovery
 * does, and the last one must end a transaction of the size that the position names. Otherwise nothing is
 * said of the database: {@link #notComparable}.
 */
final class WalView implements PageComparison.Content {
    static final int HEADER = 32;
    static final int FRAME_HEADER = 24;

    private static final int SALTS = 16;
    private static final int FRAME_SALTS = 8;
    private static final int FRAME_CHECKSUM = 16;
    private static final int MAGIC = 0x377f0682;

    private final FileChannel main;
    private final FileChannel wal;
    private final WalPosition at;
    /** By page, where its content is in the WAL, counted in frames from 1; 0 for what is in the main file. */
    private final int[] frames;

    private WalView(FileChannel main, FileChannel wal, WalPosition at) {
        this.main = main;
        this.wal = wal;
        this.at = at;
        this.frames = new int[at.pages() + 1];
    }

    /**
     * Reads the WAL up to the position.
     *
     * @param limit when it must end
     * @throws Failure {@code BUSY} when this WAL does not reach to the position, or is another; {@code
     *     TIMEOUT} when {@code limit} ended it
     */
    static WalView of(FileChannel main, FileChannel wal, WalPosition at, WorkLimit limit) throws IOException, Failure {
        WalView view = new WalView(main, wal, at);
        view.index(limit);
        return view;
    }

    private void index(WorkLimit limit) throws IOException, Failure {
        ByteBuffer header = bytes(HEADER, 0);
        requireSame(header);
        Checksum checksum = new Checksum((header.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        checksum.add(header, 0, HEADER - Long.BYTES);
        if (checksum.value() != header.getLong(HEADER - Long.BYTES)) {
            throw notComparable("its header is torn");
        }
        int size = FRAME_HEADER + at.pageSize();
        if ((at.end() - HEADER) % size != 0) {
            throw notComparable("it has frames of another size");
        }
        int pagesAfter = at.pages();
        int count = Math.toIntExact((at.end() - HEADER) / size);
        for (int frame = 1; frame <= count; frame++) {
            limit.check();
            ByteBuffer bytes = bytes(size, place(frame));
            checksum.add(bytes, 0, Long.BYTES);
            checksum.add(bytes, FRAME_HEADER, at.pageSize());
            if (saltsOfFrame(bytes) != at.salts() || checksum.value() != bytes.getLong(FRAME_CHECKSUM)) {
                throw notComparable("frame " + frame + " of " + count + " is not of this WAL, or torn");
            }
            int page = bytes.getInt(0);
            if (page > 0 && page <= at.pages()) {
                frames[page] = frame;
            }
            pagesAfter = bytes.getInt(Integer.BYTES);
        }
        if (pagesAfter != at.pages()) {
            throw notComparable("frame " + count + " does not end the transaction");
        }
    }

    /**
     * Makes sure, before and after it was read, that the WAL is the one that the position speaks of.
     *
     * @throws Failure {@code BUSY} when it was started over
     */
    void requireSame() throws IOException, Failure {
        requireSame(bytes(HEADER, 0));
    }

    private void requireSame(ByteBuffer header) throws Failure {
        if ((header.getInt(0) & ~1) != MAGIC || salts(header) != at.salts()) {
            throw notComparable("it was started over");
        }
    }

    /** Returns the salts in the header of a WAL. */
    static long salts(ByteBuffer header) {
        return header.getLong(SALTS);
    }

    /** Returns the salts in the header of a frame. */
    static long saltsOfFrame(ByteBuffer header) {
        return header.getLong(FRAME_SALTS);
    }

    @Override
    public long size() {
        return (long) at.pages() * at.pageSize();
    }

    @Override
    public void fill(long position, ByteBuffer block) throws IOException {
        block.limit((int) Math.min(block.capacity(), size() - position));
        PageComparison.read(main, position, block);
        while (block.hasRemaining()) {
            // The database grew by pages that are in the WAL alone.
            block.put((byte) 0);
        }
        block.flip();
        int first = Math.toIntExact(position / at.pageSize()) + 1;
        for (int i = 0; i < block.limit() / at.pageSize(); i++) {
            int frame = frames[first + i];
            if (frame > 0) {
                PageComparison.read(wal, place(frame) + FRAME_HEADER, block.slice(i * at.pageSize(), at.pageSize()));
            }
        }
    }

    private long place(int frame) {
        return HEADER + (long) (frame - 1) * (FRAME_HEADER + at.pageSize());
    }

    private ByteBuffer bytes(int length, long position) throws IOException, Failure {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        PageComparison.read(wal, position, bytes);
        if (bytes.hasRemaining()) {
            throw notComparable("it is shorter");
        }
        return bytes.flip();
    }

    private static Failure notComparable(String why) {
        return new Failure(
                FailureKind.BUSY,
                "the write-ahead log does not show the transaction that was uploaded: " + why,
                "Nothing is wrong with the database or the replica; the next run tries again.");
    }

    /** The checksum of a WAL (SQLite, "Database File Format", section 4.2). */
    private static final class Checksum {
        private final ByteOrder order;
        private int one;
        private int two;

        Checksum(ByteOrder order) {
            this.order = order;
        }

        void add(ByteBuffer bytes, int from, int length) {
            ByteBuffer words = bytes.duplicate().order(order);
            for (int at = from; at < from + length; at += Long.BYTES) {
                one += words.getInt(at) + two;
                two += words.getInt(at + Integer.BYTES) + one;
            }
        }

        long value() {
            return (long) one << Integer.SIZE | Integer.toUnsignedLong(two);
        }
    }
}
