package io.github.litestow.run;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.difference.IndexComparison;
import io.github.litestow.difference.IndexedPoint;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.difference.PageIndexWriter;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.PageScan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps what is known of the pages of a database's newest point: learnt from what a restore brought, used
 * to find what changed since. Nothing here fails a run: whatever goes wrong, there is no index then.
 */
public final class KnownPages {
    private final RunContext context;
    private final ConfiguredDatabase settings;
    private final Path place;
    private final RunTime time;

    KnownPages(RunContext context, RunTime time) {
        this.context = context;
        this.time = time;
        this.settings = context.database().settings();
        this.place = PageIndex.place(settings);
    }

    /**
     * Returns the index of a point, if there is one of just that.
     *
     * @param txid its transaction
     */
    public Optional<PageIndex> of(String txid) throws Failure {
        Optional<IndexedPoint> point =
                PageIndex.pointOf(place).filter(known -> known.txid().equals(txid));
        if (point.isEmpty()
                || !context.replicaId().equals(Optional.of(point.get().replicaId()))) {
            return Optional.empty();
        }
        return PageIndex.open(place);
    }

    /** Returns whether there is an index at all, of whichever point. */
    public boolean any() {
        return PageIndex.pointOf(place).isPresent();
    }

    /**
     * Remembers the pages of a point that was restored just now. Those of an older point than is known
     * already are not worth it: only what the replica ends with is asked for.
     *
     * @param restored the file, which nobody else uses
     */
    public void restored(String txid, Path restored) {
        try {
            Optional<String> replicaId = context.replicaId();
            boolean older = PageIndex.pointOf(place)
                    .filter(known -> replicaId.equals(Optional.of(known.replicaId())))
                    .filter(known -> known.txid().compareTo(txid) > 0)
                    .isPresent();
            if (replicaId.isEmpty() || older) {
                return;
            }
            try (PageIndexWriter index = new PageIndexWriter(scratch())) {
                PageScan.of(restored, index, context.limit());
                index.place(place, new IndexedPoint(txid, replicaId.get(), Optional.of(time.now())));
            }
        } catch (Failure | IOException e) {
            context.note("the pages of " + txid + " are not remembered: " + e.getMessage());
        }
    }

    /** As above, unless the pages of just that point are known already. */
    public void learn(String txid, Path restored) {
        try {
            Optional<PageIndex> known = of(txid);
            if (known.isPresent()) {
                known.get().close();
                return;
            }
        } catch (Failure | IOException e) {
            context.note("what is known of pages cannot be read: " + e.getMessage());
        }
        restored(txid, restored);
    }

    /**
     * Returns whether the replica ends with a point whose pages are known, which was proven not longer ago
     * than {@code verify.every}, and whose files are listed as they were then. Reads none of them.
     */
    public boolean provenLately(String txid) throws Failure {
        Instant now = time.now();
        boolean lately = PageIndex.pointOf(place)
                .filter(point -> point.txid().equals(txid))
                .flatMap(IndexedPoint::provenAt)
                .filter(proven -> RunTime.lately(proven, settings.verifyEvery(), now))
                .isPresent();
        return lately && context.database().replica().evidence().listedAsProven(txid);
    }

    /** Remembers that a point, if its pages are known, was restored just now and found to be these. */
    public void proven(String txid) {
        try {
            PageIndex.proven(place, txid, time.now(), scratch());
        } catch (Failure | IOException e) {
            context.note("that " + txid + " was proven is not remembered with its pages: " + e.getMessage());
        }
    }

    /**
     * Returns whether a restored file has just the pages that are known of a point. If not, they are
     * forgotten.
     */
    public boolean confirmedBy(String txid, Path restored) throws Failure {
        Optional<PageIndex> known = of(txid);
        if (known.isEmpty()) {
            return false;
        }
        try (PageIndex index = known.get()) {
            IndexComparison comparison = new IndexComparison(index);
            PageScan.of(restored, comparison, context.limit());
            if (comparison.same()) {
                return true;
            }
        } catch (IOException e) {
            context.note("what is known of " + txid + " cannot be read: " + e.getMessage());
        }
        forget();
        return false;
    }

    /** The point does not restore, or not to these pages: whatever was found of it before is no proof any more. */
    public void refuted(String txid) {
        if (PageIndex.pointOf(place).filter(point -> point.txid().equals(txid)).isPresent()) {
            forget();
        }
    }

    /** Forgets them. */
    public void forget() {
        try {
            Files.deleteIfExists(place);
        } catch (IOException e) {
            context.note("what is known of pages cannot be deleted: " + e.getMessage());
        }
    }

    private Path scratch() throws Failure, IOException {
        Path file = context.scratch().resolve("pages.index.new");
        Files.deleteIfExists(file);
        return file;
    }
}
