package io.github.litestow.difference;

import io.github.litestow.sqlite.PageScan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What an index says of itself, after its hashes and before its checksum; its own length comes last.
 *
 * @param point of which the index is
 * @param shown the database at that point
 * @param key with which its pages are hashed
 */
record PageIndexTail(IndexedPoint point, PageScan shown, PageKey key) {
    private static final int MAGIC = 0x4C535058; // LSPX
    private static final int VERSION = 2;
    private static final long NEVER = Long.MIN_VALUE;

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(shown.pageSize());
        out.writeLong(shown.pages());
        out.writeUTF(point.txid());
        out.writeUTF(point.replicaId());
        out.writeLong(point.provenAt().map(Instant::toEpochMilli).orElse(NEVER));
        out.write(key.bytes());
        out.writeInt(bytes.size());
        return bytes.toByteArray();
    }

    /** Reads what {@link #bytes} wrote, but for the length. */
    static PageIndexTail of(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != MAGIC || in.readInt() != VERSION) {
            throw new IOException("not a page index of version " + VERSION);
        }
        PageScan shown = new PageScan(in.readInt(), in.readLong());
        String txid = in.readUTF();
        String replicaId = in.readUTF();
        long proven = in.readLong();
        byte[] key = in.readNBytes(PageKey.BYTES);
        if (key.length < PageKey.BYTES) {
            throw new IOException("its key is cut");
        }
        return new PageIndexTail(
                new IndexedPoint(
                        txid,
                        replicaId,
                        Optional.of(proven).filter(time -> time != NEVER).map(Instant::ofEpochMilli)),
                shown,
                PageKey.of(key));
    }
}
