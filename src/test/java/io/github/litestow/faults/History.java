package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A database with several restore points, and what each of them must restore whatever happens next. */
final class History {
    private final World world;
    private final Application writer;
    private final Map<String, Set<Integer>> points = new LinkedHashMap<>();
    private int nextRow = 10_000;

    /** Makes the database and so many points of it; it stays where it is. */
    History(World world, String journal, int rows, int points) throws Exception {
        this.world = world;
        this.writer = world.application();
        writer.make(world.db(), journal, 1, rows);
        for (int point = 0; point < points; point++) {
            addRow();
            kept();
        }
    }

    Application writer() {
        return writer;
    }

    Set<Integer> rows() {
        return new TreeSet<>(writer.acknowledgedRows());
    }

    /** Commits a row more. */
    int addRow() {
        int row = nextRow++;
        if (!writer.once(world.db(), row)) {
            throw new IllegalStateException("the application cannot write row " + row);
        }
        return row;
    }

    /** Commits so many rows more in one transaction, so that the file grows. */
    void grow(int rows) {
        writer.make(world.db(), "wal", nextRow, rows);
        nextRow += rows;
    }

    /** Backs up what is there and keeps it there. */
    void kept() throws Exception {
        Outcome outcome = world.keep();
        // Only its journal mode may have changed, say, which is nothing to back up.
        world.expect(
                outcome instanceof Outcome.Snapshotted || outcome instanceof Outcome.Unchanged,
                "expected a snapshot, got " + outcome);
        remember(outcome);
    }

    /** Remembers the point that a run ended in. */
    void remember(Outcome outcome) {
        outcome.restorePoint().ifPresent(point -> points.put(point.txid(), rows()));
    }

    /** Every point restores what it restored before, by litestream alone. */
    void expectPointsStay(String after) throws Exception {
        expectPoints(points.keySet(), after);
    }

    /** These points do. */
    void expectPoints(Set<String> some, String after) throws Exception {
        for (String point : some) {
            world.expect(
                    world.restoredRows("-txid", point).equals(points.get(point)),
                    "point " + point + " restores something else after " + after);
        }
    }

    /** Returns the points, oldest first. */
    List<String> points() {
        return List.copyOf(points.keySet());
    }

    /** The newest point has every row. */
    void expectNewestWhole(String after) throws Exception {
        world.expect(world.restoredRows().equals(rows()), "the newest point has not every row after " + after);
    }

    /** Refused before anything is uploaded, and what the replica holds comes back when a person says so. */
    void expectRefusedAndReplaced(Outcome outcome, Map<String, Integer> before, String after) throws Exception {
        world.expect(outcome instanceof Outcome.Failed, "expected to be refused, got " + outcome + " after " + after);
        world.expect(engineFiles(world.replica).equals(before), "the replica changed after " + after);
        expectReplaced(after);
    }

    /** What the replica holds comes back when a person says so. */
    void expectReplaced(String after) throws Exception {
        Outcome back = world.restore(RestoreRequest.newest("trial", true));
        world.expect(back instanceof Outcome.Restored, "restore --replace after " + after + ": " + back);
        world.expect(world.localRows().equals(rows()), "not every row is back after " + after);
    }

    /** Returns the engine's files under a folder with a number for their content. */
    static Map<String, Integer> engineFiles(Path folder) throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        for (Path file : files(folder)) {
            if (file.toString().endsWith(".ltx")) {
                files.put(folder.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    /** Returns every file under a folder, in order. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Copies a folder as {@code cp -a} does. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : (Iterable<Path>) tree::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Returns one of them by chance. */
    static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    /** Flips a bit of a file by chance; returns where. */
    static int flip(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
        return at;
    }

    /** Cuts a file by chance; returns where. */
    static int cut(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(Math.max(1, bytes.length));
        Files.write(file, Arrays.copyOf(bytes, at));
        return at;
    }
}
