package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** Applications that die, and administrators that make files immutable. */
final class ApplicationFaults {
    private static final List<String> STEPS =
            List.of("recover", "look", "admit", "replicate", "restore", "seal", "compare", "delete");

    private ApplicationFaults() {}

    /** Killed in mid-transaction with much of it on disk already: a hot journal, or frames without a commit. */
    static void killedInTransaction(World world, Random random, int index) throws Exception {
        // Without a journal, or with one in memory, SQLite itself promises nothing here.
        String journal = List.of("delete", "truncate", "persist", "wal").get(index % 4);
        Application writer = world.application();
        writer.make(world.db(), journal, 1, 300 + random.nextInt(700));
        boolean again = index / 4 % 2 == 1;
        if (again) {
            world.expect(world.keep() instanceof Outcome.Snapshotted, "a first snapshot");
        }
        Application killed = new Application();
        world.atEnd(killed::close);
        killed.openAndRead(world.db(), Duration.ofSeconds(5), journal);
        killed.sql("PRAGMA cache_size=5");
        killed.sql("BEGIN IMMEDIATE");
        killed.sql("UPDATE t SET note = note || ' not committed'");
        killed.sql("DELETE FROM t WHERE id % 3 = 0");
        killed.close();
        Path hot = world.settings().side(journal.equals("wal") ? "-wal" : "-journal");
        world.expect(Files.exists(hot) && Files.size(hot) > 0, "it left something hot");
        if (random.nextInt(3) == 0) {
            writer.once(world.db(), 5_000);
        }
        Outcome outcome = random.nextBoolean() ? world.snapshot() : world.keep();
        world.expect(!(outcome instanceof Outcome.Failed), "killed in a transaction, " + journal + ": " + outcome);
        world.expect(world.restoredRows().equals(writer.acknowledgedRows()), "exactly what was committed, " + journal);
        world.goesOn();
        Path output = world.folder.resolve("committed.db");
        world.check.restore(output);
        try (Application reader = new Application()) {
            reader.openAndRead(output, Duration.ofSeconds(5), "");
            world.expect(
                    reader.sql("SELECT count(*) FROM t WHERE note LIKE '%not committed%'")
                            .equals("0"),
                    "nothing that was not committed is restored, " + journal);
        }
    }

    /** The database, its folder or ours becomes immutable at one step of a snapshot, as by {@code chattr +i}. */
    static void immutable(World world, Random random, int index) throws Exception {
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 20 + random.nextInt(300), 1);
        history.addRow();
        String at = STEPS.get(index % STEPS.size());
        Path what =
                List.of(world.data, world.db(), world.settings().stateFolder()).get(index / STEPS.size() % 3);
        AtomicBoolean done = new AtomicBoolean();
        world.atEnd(() -> free(what));
        Steps.of(world.name, step -> {
            if (step.equals(at) && done.compareAndSet(false, true)) {
                Mounts.run("chattr", "+i", what.toString());
            }
        });
        Outcome outcome = world.snapshot();
        Steps.forget(world.name);
        free(what);
        String words = what.getFileName() + " immutable from " + at + " on";
        world.expect(done.get(), "the run came to " + at);
        world.expect(
                outcome.failure()
                        .filter(failed -> failed.kind() == FailureKind.INTERNAL)
                        .isEmpty(),
                words + ": " + outcome);
        if (outcome instanceof Outcome.Offloaded) {
            history.expectNewestWhole(words);
        } else {
            world.expect(
                    world.localRows().equals(history.rows()), "every row is still there, " + words + ": " + outcome);
        }
        world.restart();
        Outcome start = world.restore();
        world.expect(!(start instanceof Outcome.Failed), "a start after " + words + ": " + start);
        history.addRow();
        world.expectOffloaded(world.snapshot());
        history.expectNewestWhole(words);
        world.goesOn();
    }

    private static void free(Path what) throws Exception {
        if (Files.exists(what)) {
            Mounts.run("chattr", "-i", what.toString());
        }
    }
}
