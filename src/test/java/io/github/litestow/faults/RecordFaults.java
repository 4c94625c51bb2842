package io.github.litestow.faults;

import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Our own record beside the database is spoiled while nothing runs. */
final class RecordFaults {

    private RecordFaults() {}

    /** {@code state.json} torn, empty, flipped, of an earlier run, missing, rubbish: named or gone on, and never believed to anybody's cost. */
    static void stateSpoiled(World world, Random random, int index) throws Exception {
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 20 + random.nextInt(200), 1);
        Path state = world.settings().stateFolder().resolve("state.json");
        byte[] older = Files.readAllBytes(state);
        history.addRow();
        history.kept();
        boolean offloaded = index / 6 % 2 == 1;
        if (offloaded) {
            world.expectOffloaded(world.snapshot());
        }
        String what = switch (index % 6) {
            case 0 -> "state.json cut at " + History.cut(state, random);
            case 1 -> "state.json flipped at " + History.flip(state, random);
            case 2 -> {
                Files.write(state, older);
                yield "state.json of an earlier run";
            }
            case 3 -> {
                Files.delete(state);
                yield "state.json missing";
            }
            case 4 -> {
                Files.write(state, new byte[random.nextInt(2) * 512]);
                yield "state.json empty or zeros";
            }
            default -> {
                Files.writeString(state, "{\"local\": \"é", StandardCharsets.ISO_8859_1);
                yield "state.json torn inside a character";
            }
        };
        what += offloaded ? ", offloaded" : ", kept";
        world.restart();
        if (!offloaded) {
            history.addRow();
        }
        Outcome start = world.restore();
        Outcome next = start instanceof Outcome.Failed ? start : world.snapshot();
        if (next instanceof Outcome.Failed failed) {
            world.expect(failed.kind() != FailureKind.INTERNAL, "named after " + what + ": " + failed);
            world.expect(
                    offloaded || world.localRows().equals(history.rows()), "every row is still there after " + what);
            // The way that the message names.
            Files.deleteIfExists(state);
            world.restart();
            start = world.restore();
            world.expect(!(start instanceof Outcome.Failed), "a start without the record after " + what + ": " + start);
            next = world.snapshot();
        }
        world.expect(!(next instanceof Outcome.Failed), "the next snapshot after " + what + ": " + next);
        history.expectNewestWhole(what);
        history.expectPointsStay(what);
        world.goesOn();
    }

    /** The history of runs torn at any byte, inside a character, with rubbish: it stops nothing. */
    static void runsTorn(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 20, 1 + random.nextInt(3));
        Path runs = world.settings().stateFolder().resolve("runs.jsonl");
        byte[] rubbish = new byte[1 + random.nextInt(300)];
        random.nextBytes(rubbish);
        String what = switch (index % 5) {
            case 0 -> "cut at " + History.cut(runs, random);
            case 1 -> {
                int at = History.cut(runs, random);
                // The first byte of a character of two.
                Files.write(runs, new byte[] {(byte) 0xC3}, StandardOpenOption.APPEND);
                yield "torn inside a character at " + at;
            }
            case 2 -> "flipped at " + History.flip(runs, random);
            case 3 -> {
                Files.write(runs, rubbish, StandardOpenOption.APPEND);
                yield "rubbish at its end";
            }
            default -> {
                Files.write(runs, new byte[random.nextInt(5000)], StandardOpenOption.APPEND);
                yield "zeros at its end";
            }
        };
        world.restart();
        history.addRow();
        Outcome outcome = random.nextBoolean() ? world.snapshot() : world.keep();
        world.expect(!(outcome instanceof Outcome.Failed), "runs.jsonl " + what + " stopped a snapshot: " + outcome);
        history.expectNewestWhole(what);
        world.restart();
        world.expect(
                !world.service().database().journal().runs().isEmpty(), "the runs since are in the history: " + what);
        world.goesOn();
    }
}
