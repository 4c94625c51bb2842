package io.github.litestow.difference;

import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.ProvenPages;
import java.io.IOException;
import java.util.Optional;

/** Finds out whether a database has just the pages that an index says, and looks no further when not. */
public final class IndexComparison implements ProvenPages {
    private final PageIndex index;
    private final PageHash hash;
    private boolean same;

    /** Begins at the index's first page. */
    public IndexComparison(PageIndex index) throws IOException {
        this.index = index;
        this.hash = new PageHash(index.key(), index.shown().pageSize());
        index.restart();
    }

    @Override
    public void begin(PageScan scan) {
        same = scan.equals(index.shown());
    }

    @Override
    public boolean page(int number, byte[] from, int offset) throws IOException {
        same = same && index.nextIs(hash.of(number, from, offset));
        return same;
    }

    /** Returns whether every page was as the index says. */
    public boolean same() {
        return same;
    }

    @Override
    public Optional<String> provenTxid() {
        return index.point()
                .provenAt()
                .filter(proven -> same)
                .map(proven -> index.point().txid());
    }
}
