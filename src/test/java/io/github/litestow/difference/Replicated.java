package io.github.litestow.difference;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.engine.EngineState;
import io.github.litestow.engine.Litestream;
import io.github.litestow.host.Host;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.Proof;
import io.github.litestow.sqlite.Seal;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A database, its replica by the real engine, and the index of the point that it descends from. */
final class Replicated {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final WorkLimit NO_LIMIT = WorkLimit.none();

    private final Path folder;
    private final Path replica;
    private final Path place;
    private final ConfiguredDatabase settings;
    private final Litestream engine;
    private final TestDatabase database;
    private int files;

    Replicated(Path temp) {
        folder = temp.resolve("host");
        replica = temp.resolve("replica");
        place = temp.resolve("pages.index");
        database = TestDatabase.in(folder);
        settings = database.settings(replica);
        engine = WiredService.litestream(settings, Host.realEngine());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    TestDatabase database() {
        return database;
    }

    /** Makes the database; what {@code pragma} sets is set before anything is written. */
    Replicated withRows(String pragma, int rows) {
        database.execute(
                pragma,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                        + ") INSERT INTO t SELECT i, hex(randomblob(50)) FROM n");
        return this;
    }

    Path place() {
        return place;
    }

    /** Has the engine upload, restores that and indexes it. */
    void byTheEngine() throws Exception {
        engine.replicateOnce(settings, PATIENCE, new Cancellation());
        EngineState.drop(settings.engineFolder());
        Path restored = restored();
        index(restored, head());
        Files.delete(restored);
    }

    void index(Path restored, String txid) throws Exception {
        try (PageIndexWriter index = new PageIndexWriter(next())) {
            PageScan.of(restored, index, NO_LIMIT);
            index.place(place, new IndexedPoint(txid, "replica", Optional.of(Instant.now())));
        }
    }

    /** Puts what changed since at the replica, as the next transaction; returns how many pages that are. */
    long byDifference() throws Exception {
        try (Seal seal = seal();
                Difference difference = difference()) {
            assertThat(seal.show(difference, NO_LIMIT)).isTrue();
            assertThat(difference.finish()).isTrue();
            Files.copy(
                    difference.file(),
                    replica.resolve("ltx/0").resolve(difference.file().getFileName()));
            difference.placeIndex(place, Optional.empty());
            return difference.changedPages();
        }
    }

    Difference difference() throws IOException {
        return new Difference(
                PageIndex.open(place).orElseThrow(),
                Files.createDirectories(next()),
                Files.createDirectories(next()),
                Long.MAX_VALUE,
                Instant.now());
    }

    /** Holds the database against the index, and says which transaction that proves it to be, if any. */
    Optional<String> sameAsIndexed() throws Exception {
        try (Seal seal = seal();
                PageIndex index = PageIndex.open(place).orElseThrow()) {
            IndexComparison comparison = new IndexComparison(index);
            Optional<Proof> proof = seal.compare(comparison, NO_LIMIT);
            assertThat(comparison.same()).isTrue();
            return proof.map(Proof::txid);
        }
    }

    Seal seal() throws Failure {
        return Seal.take(settings, PATIENCE, NO_LIMIT).orElseThrow();
    }

    /** The real engine restores the head, checked, and every page is that of the database. */
    void restoresToTheDatabase() throws Exception {
        String head = head();
        Path restored = restored();
        try (Seal seal = seal()) {
            assertThat(seal.compare(restored, head, NO_LIMIT))
                    .as("restored " + head)
                    .isPresent();
        }
        Files.delete(restored);
    }

    Path restored() throws Failure {
        Path output = next();
        engine.restore(settings, Optional.of(head()), output, PATIENCE, new Cancellation());
        return output;
    }

    List<ReplicaFile> listing() throws Failure {
        return engine.listing(settings, PATIENCE, new Cancellation());
    }

    String head() throws Failure {
        return listing().stream()
                .map(ReplicaFile::maxTxid)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    Path newestFile() throws Failure {
        return replica.resolve("ltx/0").resolve(head() + "-" + head() + ".ltx");
    }

    Path next() {
        return folder.resolve("file" + files++);
    }
}
