package io.github.litestow.faults;

import io.github.litestow.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the engine keeps beside the database is spoiled while nothing runs. */
final class EngineStateFaults {

    private EngineStateFaults() {}

    /** A bit anywhere in it: every point stays what it is, and the next snapshot is whole. */
    static void flipped(World world, Random random, int index) throws Exception {
        History history =
                new History(world, WriterFaults.JOURNALS.get(index % 6), 20 + random.nextInt(300), 1 + index % 4);
        Path file = History.any(History.files(world.settings().engineFolder()), random);
        String what = file.getFileName() + " flipped at " + History.flip(file, random);
        goesOn(world, history, random, what);
    }

    /** Files of it missing, cut, empty, too long, of an earlier run, of somebody else. */
    static void lostOrOlder(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 20 + random.nextInt(300), 2);
        Path folder = world.settings().engineFolder();
        Path older = world.folder.resolve("older");
        History.copy(folder, older);
        history.addRow();
        history.kept();
        List<Path> files = History.files(folder);
        Path file = History.any(files, random);
        String what = switch (index % 8) {
            case 0 -> {
                Files.delete(file);
                yield file.getFileName() + " missing";
            }
            case 1 -> file.getFileName() + " cut at " + History.cut(file, random);
            case 2 -> {
                Files.write(file, new byte[0]);
                yield file.getFileName() + " empty";
            }
            case 3 -> {
                Files.write(file, new byte[1 + random.nextInt(5000)], StandardOpenOption.APPEND);
                yield file.getFileName() + " too long";
            }
            case 4 -> {
                World.delete(folder);
                History.copy(older, folder);
                yield "the engine's state of an earlier run";
            }
            case 5 -> {
                // What an earlier run had and this one pruned lies there again.
                for (Path old : History.files(older)) {
                    Path target = folder.resolve(older.relativize(old).toString());
                    if (!Files.exists(target)) {
                        Files.copy(old, target);
                    }
                }
                yield "files of an earlier run beside the present ones";
            }
            case 6 -> {
                for (Path one : files) {
                    Files.delete(one);
                }
                yield "all files missing, the folders there";
            }
            default -> {
                World.delete(folder);
                yield "the whole state missing";
            }
        };
        goesOn(world, history, random, what);
    }

    private static void goesOn(World world, History history, Random random, String what) throws Exception {
        if (random.nextBoolean()) {
            world.restart();
        }
        history.addRow();
        Outcome outcome = random.nextBoolean() ? world.keep() : world.snapshot();
        world.expect(!(outcome instanceof Outcome.Failed), "expected a snapshot, got " + outcome + " after " + what);
        history.remember(outcome);
        history.expectNewestWhole(what);
        history.expectPointsStay(what);
        try (Stream<Path> aside = Files.walk(world.replica)) {
            world.expect(aside.noneMatch(path -> path.endsWith("set-aside")), "set aside at the replica: " + what);
        }
        world.goesOn();
    }
}
