package io.github.litestow.bench;

import io.github.litestow.application.RandomChange;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.difference.Difference;
import io.github.litestow.difference.IndexedPoint;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.difference.PageIndexWriter;
import io.github.litestow.engine.LtxFormat;
import io.github.litestow.host.Host;
import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.Seal;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * {@code bench/changesets}: random changes one after another, each written as a difference, which is applied to a
 * copy that never sees the database; and under the seal the copy must be the database, page by page.
 */
final class ChangeSets {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int EVERY = 1_000;

    private final Path temp;
    private final TestDatabase database;
    private final Path copy;
    private final Path place;
    private final LZ4SafeDecompressor lz4 = LZ4Factory.safeInstance().safeDecompressor();
    private long pages;

    private ChangeSets(Path temp) {
        this.temp = temp;
        this.database = TestDatabase.in(temp);
        this.copy = temp.resolve("copy.db");
        this.place = temp.resolve("pages.index");
    }

    /** Arguments: how many (10000), seed (1). */
    public static void main(String... arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        Path temp = Files.createTempDirectory("litestow-changesets");
        try {
            new ChangeSets(temp).run(count, new Random(seed));
        } finally {
            Host.delete(temp);
        }
        System.exit(0);
    }

    private void run(int count, Random random) throws Exception {
        Files.createDirectories(temp.resolve("work"));
        int set = 0;
        while (set < count) {
            begin(512 << random.nextInt(8), random.nextInt(3));
            for (int more = 0; more < EVERY && set < count; more++) {
                for (int change = random.nextInt(4); change >= 0; change--) {
                    database.execute(RandomChange.of(random));
                }
                if (database.rows() > 5_000) {
                    database.execute("DELETE FROM t WHERE id % 3 > 0");
                }
                difference(set++);
            }
            System.out.printf("%d change sets, %d pages, every copy was the database%n", set, pages);
        }
    }

    private void begin(int pageSize, int autoVacuum) throws Exception {
        for (String side : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(temp.resolve(TestDatabase.NAME + side));
        }
        database.execute(
                "PRAGMA page_size=" + pageSize,
                "PRAGMA auto_vacuum=" + autoVacuum,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)",
                "INSERT INTO t (note) VALUES ('first')");
        Files.deleteIfExists(copy);
        Files.copy(database.file(), copy);
        try (PageIndexWriter index = new PageIndexWriter(temp.resolve("index"))) {
            PageScan.of(copy, index, WorkLimit.none());
            index.place(place, new IndexedPoint("0000000000000001", "bench", Optional.of(Instant.EPOCH)));
        }
    }

    private void difference(int set) throws Exception {
        Path work = Files.createDirectories(temp.resolve("work").resolve("" + set));
        try (Seal seal = Seal.take(database.settings(), PATIENCE, WorkLimit.none())
                        .orElseThrow();
                Difference difference = new Difference(
                        PageIndex.open(place).orElseThrow(),
                        work,
                        Files.createDirectories(work.resolve("index")),
                        Long.MAX_VALUE,
                        Instant.EPOCH)) {
            seal.show(difference, WorkLimit.none());
            if (difference.finish()) {
                apply(difference.file());
                difference.placeIndex(place, Optional.of(Instant.EPOCH));
            }
            if (seal.compare(copy, "any", WorkLimit.none()).isEmpty()) {
                throw new IllegalStateException("change set " + set + " is not what its difference says");
            }
        }
        Host.delete(work);
    }

    private void apply(Path file) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        int pageSize = bytes.getInt(LtxFormat.PAGE_SIZE);
        long size = Integer.toUnsignedLong(bytes.getInt(LtxFormat.PAGE_SIZE + Integer.BYTES)) * pageSize;
        bytes.position(LtxFormat.HEADER);
        byte[] page = new byte[pageSize];
        try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            for (int number = bytes.getInt(); number != 0; number = bytes.getInt()) {
                bytes.getShort();
                int length = bytes.getInt();
                lz4.decompress(bytes.array(), bytes.position(), length, page, 0, pageSize);
                bytes.position(bytes.position() + length);
                out.write(ByteBuffer.wrap(page), (number - 1L) * pageSize);
                pages++;
            }
            out.truncate(size);
        }
    }
}
