package io.github.litestow.store;

import io.github.litestow.engine.Crc64;
import io.github.litestow.engine.LtxFormat;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.ReplicaFile;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Reads one of the engine's files at the replica from its first to its last byte and holds it against
 * its own checksum (LTX version 3): a look that asks neither the engine nor its download. Confined to
 * one thread.
 */
final class LtxCheck {
    /** Most of what the index is read by at a time. */
    private static final int MAX_PART = 65_536;

    private final ReplicaFile file;
    private final FileParts parts;
    private final Crc64 checksum = new Crc64();
    private final Pages pages;

    private LtxCheck(ReplicaFile file, FileParts parts, Pages pages) {
        this.file = file;
        this.parts = parts;
        this.pages = pages;
    }

    /** Who wants the pages on the way, of which it is not yet known that the file is whole. */
    interface Pages {
        /** Of somebody who wants none. */
        Pages UNREAD = new Pages() {
            @Override
            public void begin(int pageSize, long count) {}

            @Override
            public void page(long number, byte[] content) {}
        };

        /** Says how large a page is, in bytes, and how many the database has after the transaction. */
        void begin(int pageSize, long count) throws Failure;

        /** Gives one; the bytes are used again. */
        void page(long number, byte[] content) throws Failure;
    }

    /**
     * Returns what is wrong with a file.
     *
     * @param between asked before each part is read
     * @throws Failure {@code REPLICA_UNREACHABLE} and the like when it could not be read, which says
     *     nothing of the file
     */
    static FileVerdict of(ReplicaStore store, ReplicaFile file, WriteGuard between) throws Failure {
        return of(store, file, between, Pages.UNREAD);
    }

    /** As above, and gives the pages to {@code pages} on the way. */
    static FileVerdict of(ReplicaStore store, ReplicaFile file, WriteGuard between, Pages pages) throws Failure {
        LtxCheck check = new LtxCheck(file, new FileParts(store, file, between), pages);
        try {
            return check.verdict();
        } catch (MissingFile e) {
            return new FileVerdict(file, FileVerdict.State.MISSING, "it is not there any more");
        }
    }

    private FileVerdict verdict() throws Failure, MissingFile {
        if (file.bytes() < LtxFormat.HEADER + LtxFormat.TRAILER) {
            return damaged("it has " + file.bytes() + " bytes");
        }
        ByteBuffer header = ByteBuffer.wrap(take(LtxFormat.HEADER));
        if (header.getInt(0) != LtxFormat.MAGIC) {
            // Of a later version, perhaps; whoever can read it has to judge it.
            return new FileVerdict(file, FileVerdict.State.UNKNOWN, "it does not begin as an LTX file of version 3");
        }
        String held = name(header, LtxFormat.TRANSACTIONS) + "-" + name(header, LtxFormat.TRANSACTIONS + Long.BYTES);
        if (!held.equals(file.minTxid() + "-" + file.maxTxid())) {
            return damaged("it holds the transactions " + held + ", and not those of its name");
        }
        int pageSize = header.getInt(LtxFormat.PAGE_SIZE);
        if (!LtxFormat.isPageSize(pageSize)) {
            return damaged("its header names a page size of " + pageSize);
        }
        pages.begin(pageSize, Integer.toUnsignedLong(header.getInt(LtxFormat.PAGE_SIZE + Integer.BYTES)));
        Optional<FileVerdict> trouble = pages(pageSize);
        return trouble.isPresent() ? trouble.get() : end();
    }

    private static String name(ByteBuffer header, int at) {
        return HexFormat.of().toHexDigits(header.getLong(at));
    }

    private Optional<FileVerdict> pages(int pageSize) throws Failure, MissingFile {
        byte[] page = new byte[pageSize];
        while (parts.left() >= LtxFormat.FRAME + LtxFormat.TRAILER) {
            ByteBuffer frame = ByteBuffer.wrap(take(LtxFormat.FRAME));
            int number = frame.getInt();
            int flags = frame.getShort();
            if (number == 0 && flags == 0) {
                return Optional.empty();
            }
            if (flags != LtxFormat.LZ4_BLOCK) {
                return Optional.of(new FileVerdict(
                        file, FileVerdict.State.UNKNOWN, "page " + number + " is stored in a way of another version"));
            }
            int length = ByteBuffer.wrap(take(Integer.BYTES)).getInt();
            if (length <= 0 || length > 2 * pageSize || length > parts.left() - LtxFormat.TRAILER) {
                return Optional.of(
                        damaged("page " + Integer.toUnsignedString(number) + " says it is " + length + " bytes long"));
            }
            byte[] block = parts.next(length);
            if (!Lz4Block.decompress(block, page)) {
                return Optional.of(damaged("page " + number + " cannot be decompressed"));
            }
            checksum.update(page);
            pages.page(Integer.toUnsignedLong(number), page);
        }
        return Optional.of(damaged("it ends before its last page"));
    }

    /** The index, then a trailer whose last eight bytes are the checksum of all before. */
    private FileVerdict end() throws Failure, MissingFile {
        while (parts.left() > LtxFormat.TRAILER) {
            take((int) Math.min(parts.left() - LtxFormat.TRAILER, MAX_PART));
        }
        take(Long.BYTES);
        long written = ByteBuffer.wrap(parts.next(Long.BYTES)).getLong();
        return written == LtxFormat.written(checksum)
                ? new FileVerdict(file, FileVerdict.State.WHOLE, "its checksum is right")
                : damaged("its checksum is wrong");
    }

    private byte[] take(int length) throws Failure, MissingFile {
        byte[] bytes = parts.next(length);
        checksum.update(bytes);
        return bytes;
    }

    private FileVerdict damaged(String why) {
        return new FileVerdict(file, FileVerdict.State.DAMAGED, why);
    }

    /** The file is gone. */
    private static final class MissingFile extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The file, part by part; a part that comes short is asked for again. */
    private static final class FileParts {
        private static final int PART = 1 << 20;
        private static final int ATTEMPTS = 4;

        private final ReplicaStore store;
        private final ReplicaFile file;
        private final WriteGuard between;
        private long read;
        private ByteBuffer part = ByteBuffer.allocate(0);

        FileParts(ReplicaStore store, ReplicaFile file, WriteGuard between) {
            this.store = store;
            this.file = file;
            this.between = between;
        }

        long left() {
            return file.bytes() - read + part.remaining();
        }

        /** Returns the next bytes, of which there must be so many left. */
        byte[] next(int length) throws Failure, MissingFile {
            byte[] bytes = new byte[length];
            int have = 0;
            while (have < length) {
                if (!part.hasRemaining()) {
                    part = ByteBuffer.wrap(fetched((int) Math.min(PART, file.bytes() - read)));
                    read += part.remaining();
                }
                int some = Math.min(length - have, part.remaining());
                part.get(bytes, have, some);
                have += some;
            }
            return bytes;
        }

        private byte[] fetched(int length) throws Failure, MissingFile {
            Optional<Failure> trouble = Optional.empty();
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                between.check();
                try {
                    byte[] bytes = store.readRange(file, read, length).orElseThrow(MissingFile::new);
                    if (bytes.length == length) {
                        return bytes;
                    }
                } catch (Failure e) {
                    trouble = Optional.of(e);
                }
            }
            throw trouble.orElseGet(() -> new Failure(
                    FailureKind.REPLICA_UNREACHABLE,
                    file.key() + " has " + file.bytes() + " bytes by the replica's listing, and cannot be read beyond "
                            + read,
                    "Downloads are cut off: try again; if it stays, check the network and the store's own log."));
        }
    }
}
