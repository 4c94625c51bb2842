package io.github.litestow.sqlite;

import java.nio.ByteBuffer;

/**
 * What says nothing of a database's content (SQLite, "Database File Format", section 1.3): in page 1 the
 * journal mode (18, 19), the change counter (24 to 27), and version-valid-for with the library version
 * (92 to 99); above 1 GiB the lock-byte page, which never holds content.
 */
public final class PageMask {
    /** Where the page begins that SQLite locks. */
    static final long LOCK_BYTE = 0x4000_0000L;

    private PageMask() {}

    /** Overwrites with zeros what page 1 has of that. {@code page} begins with it. */
    public static void apply(ByteBuffer page) {
        apply(page, false);
    }

    /** As above, with the schema cookie (40 to 43) if that differs too. */
    static void apply(ByteBuffer page, boolean schemaCookie) {
        zero(page, 18, 2);
        zero(page, 24, 4);
        zero(page, 92, 8);
        if (schemaCookie) {
            zero(page, 40, 4);
        }
    }

    static void zero(ByteBuffer page, int from, int count) {
        for (int i = from; i < Math.min(from + count, page.limit()); i++) {
            page.put(i, (byte) 0);
        }
    }
}
