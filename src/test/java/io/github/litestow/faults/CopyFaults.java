package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Files that somebody copied, rolled back, cut or removed behind SQLite's back, while nothing runs. */
final class CopyFaults {

    private CopyFaults() {}

    /** An older copy over a database that has grown since: by cp, by rename, with its own WAL. */
    static void olderCopy(World world, Random random, int index) throws Exception {
        boolean rollback = index / 3 % 2 == 1;
        History history = new History(world, "wal", 50 + random.nextInt(300), 1 + random.nextInt(2));
        inItsMode(world, history, rollback);
        Path copy = Files.createDirectory(world.folder.resolve("copy")).resolve("app.db");
        boolean withWal = index % 3 == 2;
        try (Application reader = new Application()) {
            if (withWal) {
                reader.openAndRead(world.db(), Duration.ofSeconds(5), "wal");
                history.addRow();
                history.kept();
                copyIfThere(world.settings().side("-wal"), Path.of(copy + "-wal"));
            }
            Files.copy(world.db(), copy);
        }
        for (int round = 0; round <= random.nextInt(3); round++) {
            history.grow(100 + random.nextInt(300));
            history.kept();
        }
        inItsMode(world, history, rollback);
        removeSideFiles(world);
        if (index % 3 == 1) {
            Files.move(copy, world.db(), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.write(world.db(), Files.readAllBytes(copy), StandardOpenOption.TRUNCATE_EXISTING);
        }
        copyIfThere(Path.of(copy + "-wal"), world.settings().side("-wal"));
        refused(world, history, random, new String[] {"cp", "rename", "cp with its WAL"}[index % 3]);
    }

    /** As an application leaves it that sets its mode at each start. */
    private static void inItsMode(World world, History history, boolean rollback) throws Exception {
        history.writer().openAndRead(world.db(), Duration.ofSeconds(5), rollback ? "delete" : "wal");
        history.writer().closeConnection();
        if (rollback) {
            history.kept();
            history.writer().openAndRead(world.db(), Duration.ofSeconds(5), "delete");
            history.writer().closeConnection();
        }
    }

    private static void refused(World world, History history, Random random, String what) throws Exception {
        Map<String, Integer> before = History.engineFiles(world.replica);
        if (random.nextBoolean()) {
            world.restart();
        }
        if (random.nextBoolean()) {
            // The application goes on from there; those rows go to quarantine.
            history.writer().onceUncounted(world.db(), 900_000);
        }
        Outcome outcome = random.nextBoolean() ? world.keep() : world.snapshot();
        history.expectRefusedAndReplaced(outcome, before, what);
        history.expectPointsStay(what);
        world.goesOn();
    }

    /** The volume as it was some runs ago: the same inodes, a copy of the folder, or before the first run. */
    static void rolledBack(World world, Random random, int index) throws Exception {
        int way = index % 3;
        Path saved = world.folder.resolve("saved");
        History history = new History(world, "wal", 50 + random.nextInt(300), 0);
        if (way == 2) {
            History.copy(world.data, saved);
        }
        history.kept();
        for (int round = 0; round < random.nextInt(3); round++) {
            history.addRow();
            history.kept();
        }
        if (way != 2) {
            History.copy(world.data, saved);
        }
        for (int round = 0; round <= random.nextInt(3); round++) {
            if (random.nextBoolean()) {
                history.grow(50 + random.nextInt(200));
            } else {
                history.addRow();
            }
            history.kept();
        }
        boolean offloaded = random.nextInt(4) == 0;
        if (offloaded) {
            world.expectOffloaded(world.snapshot());
        }
        String what =
                new String[] {"a volume rolled back", "a folder put back", "a volume from before the first run"}[way];
        if (way == 0 && !offloaded) {
            sameInodes(saved, world.data);
        } else {
            World.delete(world.data);
            History.copy(saved, world.data);
        }
        world.restart();
        Outcome start = world.restore();
        world.expect(!(start instanceof Outcome.Restored), "brought forward by itself after " + what + ": " + start);
        refused(world, history, random, what);
    }

    private static void sameInodes(Path from, Path to) throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        for (Path file : History.files(to)) {
            if (!Files.exists(from.resolve(to.relativize(file).toString()))) {
                Files.delete(file);
            }
        }
        for (Path file : History.files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.write(target, Files.readAllBytes(file));
            times.put(target, Files.getLastModifiedTime(file));
        }
        for (Map.Entry<Path, FileTime> time : times.entrySet()) {
            Files.setLastModifiedTime(time.getKey(), time.getValue());
        }
    }

    /** The WAL that a killed application left is removed, cut or flipped by hand after what is in it was backed up. */
    static void walByHand(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 50 + random.nextInt(200), 1);
        Application killed = new Application();
        world.atEnd(killed::close);
        killed.openAndRead(world.db(), Duration.ofSeconds(5), "wal");
        history.grow(100 + random.nextInt(200));
        history.kept();
        killed.close();
        Path wal = world.settings().side("-wal");
        String what = "no WAL";
        if (Files.exists(wal) && Files.size(wal) > 0) {
            what = switch (index % 3) {
                case 0 -> {
                    removeSideFiles(world);
                    yield "WAL removed";
                }
                case 1 -> "WAL cut at " + History.cut(wal, random);
                default -> "WAL flipped at " + History.flip(wal, random);
            };
        }
        Files.deleteIfExists(world.settings().side("-shm"));
        settled(world, history, random, what);
    }

    /** The file got longer behind SQLite's back: zeros or rubbish, whole pages or not. */
    static void grown(World world, Random random, int index) throws Exception {
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 50, 1 + random.nextInt(2));
        history.writer().openAndRead(world.db(), Duration.ofSeconds(5), "");
        history.writer().closeConnection();
        byte[] more = new byte[index % 2 == 0 ? 4096 * (1 + random.nextInt(4)) : 1 + random.nextInt(9000)];
        if (index / 2 % 2 == 0) {
            random.nextBytes(more);
        }
        Files.write(world.db(), more, StandardOpenOption.APPEND);
        settled(world, history, random, more.length + " bytes more");
    }

    /** Either it is the whole database all the same, or it is refused and comes back. */
    private static void settled(World world, History history, Random random, String what) throws Exception {
        world.restart();
        Outcome outcome = random.nextBoolean() ? world.keep() : world.snapshot();
        if (outcome instanceof Outcome.Failed) {
            history.expectReplaced(what);
        }
        history.expectNewestWhole(what);
        history.expectPointsStay(what);
        world.goesOn();
    }

    private static void removeSideFiles(World world) throws IOException {
        for (String side : new String[] {"-wal", "-shm", "-journal"}) {
            Files.deleteIfExists(world.settings().side(side));
        }
    }

    private static void copyIfThere(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
