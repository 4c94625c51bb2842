package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the engine keeps beside the database is spoiled while nothing runs. It keeps something where it goes on
 * from it: under a service that holds the WAL, and where an application has the database open.
 */
final class EngineStateFaults {

    private EngineStateFaults() {}

    /** A bit anywhere in it: every point stays what it is, and the next snapshot is whole. */
    static void flipped(World world, Random random, int index) throws Exception {
        boolean held = index / 6 % 2 == 1;
        History history =
                inUse(world, held, WriterFaults.JOURNALS.get(index % 6), 20 + random.nextInt(300), 1 + index % 4);
        Path file = History.any(History.files(world.settings().engineFolder()), random);
        String what = file.getFileName() + " flipped at " + History.flip(file, random);
        goesOn(world, history, random, what);
    }

    /** Files of it missing, cut, empty, too long, of an earlier run, of somebody else. */
    static void lostOrOlder(World world, Random random, int index) throws Exception {
        boolean held = index / 8 % 2 == 1;
        History history = inUse(world, held, "wal", 20 + random.nextInt(300), 2);
        Path folder = world.settings().engineFolder();
        Path older = world.folder.resolve("older");
        History.copy(folder, older);
        history.addRow();
        history.kept();
        String what = LocalHarm.of(folder, older, random, index);
        goesOn(world, history, random, what);
    }

    /** A database with so many points, from whose last one the engine would go on. */
    static History inUse(World world, boolean application, String journal, int rows, int points) throws Exception {
        world.tuning.deleteLocal = application;
        History history = new History(world, application ? "wal" : journal, rows, 0);
        if (application) {
            Application beside = new Application();
            world.atEnd(beside::close);
            beside.openAndRead(world.db(), Duration.ofSeconds(5), "wal");
        }
        for (int point = 0; point < points; point++) {
            history.addRow();
            history.kept();
        }
        return history;
    }

    private static void goesOn(World world, History history, Random random, String what) throws Exception {
        if (random.nextBoolean()) {
            world.restart();
        }
        history.addRow();
        if (random.nextBoolean()) {
            world.tuning.deleteLocal = true;
            world.restart();
        }
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
