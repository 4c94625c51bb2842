package io.github.litestow.sqlite;

import io.github.litestow.outcome.Failure;
import java.io.IOException;

/** Is shown each page of a database, in order. */
@FunctionalInterface
public interface PageVisitor {
    /** Says of what the pages come. */
    default void begin(PageScan scan) throws IOException {}

    /**
     * Looks at a page.
     *
     * @param number from 1 on; the page that SQLite locks is passed over
     * @param from where the page is, from {@code offset} on; to be read, and only now
     * @return whether to show more
     */
    boolean page(int number, byte[] from, int offset) throws IOException, Failure;
}
