package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies at the database's path is not, or no longer, what the replica should take. */
final class SourceFaults {
    private static final int CASES = 8;

    private SourceFaults() {}

    /** Empty, foreign, another database, shrunken, damaged, stale, diverged: never becomes the head. */
    static void badSource(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 400);
        world.snapshot(new SnapshotRequest("trial", true, false, Optional.empty()));
        FailureKind kind = spoil(world, writer, random, index % CASES);
        Set<Integer> before = new TreeSet<>(world.restoredRows());
        world.expect(before.size() >= 400, "the replica holds the rows before the fault");
        world.expectFailure(world.snapshot(), kind);
        world.expect(world.restoredRows().equals(before), "the replica is as it was");
        world.nothingLeft();
        // Both ways out are named; this is the one that keeps the replica.
        Outcome back = world.restore(RestoreRequest.newest("trial", true));
        world.expect(back instanceof Outcome.Restored, "restore --replace brings it back: " + back);
        world.expect(world.localRows().equals(before), "every row is back");
        world.goesOn();
    }

    private static FailureKind spoil(World world, Application writer, Random random, int which) throws Exception {
        Path db = world.db();
        switch (which) {
            case 0 -> {
                removeAll(world);
                Files.write(db, new byte[0]);
                return FailureKind.REFUSED;
            }
            case 1 -> {
                removeAll(world);
                Files.writeString(db, "This is no database. ".repeat(1 + random.nextInt(3000)));
                return FailureKind.SOURCE_DAMAGED;
            }
            case 2 -> {
                removeAll(world);
                other(world, "wal", 3);
                return FailureKind.REFUSED;
            }
            case 3 -> {
                writer.openAndRead(db, Duration.ofSeconds(5), "");
                writer.sql("DELETE FROM t WHERE id > 10");
                writer.sql("PRAGMA journal_mode=DELETE");
                writer.sql("VACUUM");
                writer.closeConnection();
                return FailureKind.REFUSED;
            }
            case 4 -> {
                checkpoint(writer, db);
                damage(db, random);
                return FailureKind.SOURCE_DAMAGED;
            }
            case 5 -> {
                checkpoint(writer, db);
                try (RandomAccessFile file = new RandomAccessFile(db.toFile(), "rw")) {
                    // Whole pages, or SQLite's own check of the size would be enough.
                    file.setLength(4096L * (1 + random.nextInt(3)));
                }
                return FailureKind.SOURCE_DAMAGED;
            }
            case 6 -> {
                // As on a second host that never saw the first one's database.
                world.data = Files.createDirectory(world.folder.resolve("second-host"));
                other(world, "delete", 30);
                world.restart();
                return FailureKind.REFUSED;
            }
            default -> {
                diverge(world, writer);
                return FailureKind.REFUSED;
            }
        }
    }

    /** Two hosts took the same state; the other one went on, and was confirmed. */
    private static void diverge(World world, Application writer) throws Exception {
        Path second = world.folder.resolve("second-host");
        Path first = world.data;
        copy(first, second);
        world.data = second;
        world.restart();
        writer.once(world.db(), 500);
        // What this host adds is taken back below; the first one must see that it was overtaken.
        world.expect(
                world.snapshot(new SnapshotRequest("trial", true, false, Optional.empty()))
                        instanceof Outcome.Snapshotted,
                "the second host is the head now");
        world.data = first;
        world.restart();
        writer.onceUncounted(world.db(), 600);
    }

    private static void other(World world, String journal, int rows) throws IOException {
        try (Application stranger = new Application()) {
            stranger.make(world.db(), journal, 1, rows);
        }
    }

    /** The last connection that closes brings everything into the main file. */
    private static void checkpoint(Application writer, Path db) throws IOException {
        writer.openAndRead(db, Duration.ofSeconds(5), "");
        writer.closeConnection();
    }

    private static void damage(Path db, Random random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(db.toFile(), "rw")) {
            long pages = file.length() / 4096;
            byte[] rubbish = new byte[64];
            random.nextBytes(rubbish);
            // The header of a b-tree page: what quick_check is promised to see.
            file.seek(4096L * (1 + random.nextInt((int) pages - 1)));
            file.write(rubbish);
        }
    }

    private static void removeAll(World world) throws IOException {
        Files.deleteIfExists(world.db());
        for (String side : List.of("-wal", "-shm", "-journal")) {
            Files.deleteIfExists(world.settings().side(side));
        }
    }

    /** Side files or the engine's state without their database: never replayed into the restored one. */
    static void staleSideFiles(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), "wal", 1, 50);
        Application old = world.application();
        old.openAndRead(world.db(), Duration.ofSeconds(5), "");
        writer.once(world.db(), 51);
        // With a connection open the WAL stays, and here an older one is kept for later.
        Path stale = Files.createDirectory(world.folder.resolve("stale"));
        for (String side : List.of("-wal", "-shm")) {
            Files.copy(world.settings().side(side), stale.resolve("app.db" + side));
        }
        old.closeConnection();
        for (int row = 100; row < 110; row++) {
            writer.once(world.db(), row);
        }
        world.expectOffloaded(world.snapshot());
        int what = 1 + index % 15;
        if ((what & 1) != 0) {
            Files.copy(stale.resolve("app.db-wal"), world.settings().side("-wal"));
        }
        if ((what & 2) != 0) {
            Files.copy(stale.resolve("app.db-shm"), world.settings().side("-shm"));
        }
        if ((what & 4) != 0) {
            Files.createDirectories(world.settings().engineFolder().resolve("ltx/0"));
            Files.writeString(
                    world.settings().engineFolder().resolve("ltx/0/0000000000000001-0000000000000001.ltx"), "x");
        }
        if ((what & 8) != 0) {
            Files.write(
                    world.settings().side("-journal"),
                    "rubbish of a journal".repeat(random.nextInt(200)).getBytes(StandardCharsets.UTF_8));
        }
        if (random.nextBoolean()) {
            Files.write(world.db(), new byte[0]);
        }
        world.restart();
        world.expect(world.restore() instanceof Outcome.Restored, "restored");
        world.expect(world.localRows().equals(writer.acknowledgedRows()), "exactly the rows of the replica");
        try (Stream<Path> kept = Files.list(world.settings().stateFolder().resolve("quarantine"))) {
            world.expect(kept.count() == 1, "what lay there is in quarantine");
        }
        writer.once(world.db(), 200);
        world.expectOffloaded(world.snapshot());
        world.goesOn();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
