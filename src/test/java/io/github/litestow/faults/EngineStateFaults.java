package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.DifferenceUpload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What is kept beside the database of the last upload is spoiled while nothing runs. The engine keeps something
 * where it goes on from it: under a service that holds the WAL, and where an application has the database open.
 * Elsewhere it is the difference that was uploaded.
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

    /**
     * What a difference left here, by which a run that lost its record knows where the replica's head is from:
     * spoiled, of an earlier run, of another database. With the record gone as well nothing is taken on trust.
     */
    static void difference(World world, Random random, int index) throws Exception {
        // Of a smaller one all is uploaded the third time.
        History history =
                new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 500 + random.nextInt(300), 2);
        Path folder = DifferenceUpload.pending(world.settings());
        Path older = world.folder.resolve("older");
        History.copy(folder, older);
        history.addRow();
        history.kept();
        Path newest = History.files(folder).get(0);
        String what = switch (index % 10) {
            case 8 -> newest.getFileName() + " flipped at " + History.flip(newest, random);
            case 9 -> {
                try (World other = new World()) {
                    new History(other, "wal", 500 + random.nextInt(300), 3);
                    World.delete(folder);
                    History.copy(DifferenceUpload.pending(other.settings()), folder);
                }
                yield "the difference of another database";
            }
            default -> LocalHarm.of(folder, older, random, index % 10);
        };
        boolean recorded = index / 10 % 2 == 0;
        if (!recorded) {
            Files.delete(world.settings().stateFolder().resolve("state.json"));
            what += ", without state.json";
        }
        world.restart();
        if (random.nextBoolean()) {
            history.addRow();
        }
        Map<String, Integer> before = History.engineFiles(world.replica);
        Outcome outcome = random.nextBoolean() ? world.keep() : world.snapshot();
        if (outcome instanceof Outcome.Failed && !recorded) {
            world.expectFailure(outcome, FailureKind.REFUSED);
            world.expect(History.engineFiles(world.replica).equals(before), "the replica changed after " + what);
            world.expect(world.localRows().equals(history.rows()), "every row is still there after " + what);
            outcome = world.adopt();
        }
        world.expect(!(outcome instanceof Outcome.Failed), "expected a snapshot, got " + outcome + " after " + what);
        history.remember(outcome);
        history.expectNewestWhole(what);
        history.expectPointsStay(what);
        world.goesOn();
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
