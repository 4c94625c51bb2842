package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The file at the path becomes another one, or gets a second name, while a run is at any of its steps. */
final class SwapFaults {
    static final List<String> STEPS =
            List.of("recover", "look", "probe", "admit", "replicate", "restore", "seal", "compare", "delete");

    private SwapFaults() {}

    /** A job's new build takes the database's place at one step. */
    static void replacedAtStep(World world, Random random, int index) throws Exception {
        Application old = new Application();
        world.atEnd(old::close);
        old.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20 + random.nextInt(500));
        Outcome first = world.keep();
        String point = first.restorePoint().orElseThrow().txid();
        Set<Integer> oldRows = Set.copyOf(old.acknowledgedRows());
        old.once(world.db(), 800);
        Application job = world.application();
        Path build = world.data.resolve("build.db");
        job.build(build, 5_000, 100 + random.nextInt(1000), random.nextBoolean() ? "wal" : "delete");
        String at = STEPS.get(index % STEPS.size());
        AtomicBoolean done = new AtomicBoolean();
        Steps.of(world.name, step -> {
            if (step.equals(at) && done.compareAndSet(false, true)) {
                for (String side : List.of("-wal", "-shm", "-journal")) {
                    Files.deleteIfExists(world.settings().side(side));
                }
                Files.move(build, world.db(), StandardCopyOption.REPLACE_EXISTING);
            }
        });
        boolean adopt = random.nextBoolean();
        // A run that keeps its database ends before it is restored.
        boolean keep = index % STEPS.size() < STEPS.indexOf("restore") && random.nextInt(3) == 0;
        Outcome outcome = world.snapshot(new SnapshotRequest("trial", keep, adopt, Optional.empty()));
        Steps.forget(world.name);
        world.expect(done.get(), "the run came to " + at);
        Set<Integer> rows = world.rows(Files.exists(build) ? build : world.db());
        if (rows.isEmpty()) {
            rows = world.restoredRows();
        }
        world.expect(
                rows.size() >= 100 && rows.contains(5_000),
                "the new build is there or restored, replaced at " + at + ", got " + rows.size() + " rows and "
                        + outcome);
        world.expect(
                !(outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.INTERNAL),
                "replaced at " + at + ": " + outcome);
        job.acknowledge(5_000, rows.size());
        world.expect(job.acknowledgedRows().equals(rows), "the new build is whole, replaced at " + at);
        world.expect(
                world.restoredRows("-txid", point).equals(oldRows), "the old one's point stays, replaced at " + at);
        world.restart();
        Outcome next = Files.exists(world.db()) ? world.adopt() : world.restore();
        world.expect(!(next instanceof Outcome.Failed), "the next run, replaced at " + at + ": " + next);
        world.expect(
                world.restoredRows().equals(job.acknowledgedRows()), "the new build is the head, replaced at " + at);
        world.goesOn();
    }

    /** The database gets a second name before a run or at one of its steps. */
    static void secondName(World world, Random random, int index) throws Exception {
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 20 + random.nextInt(100), 1);
        history.addRow();
        Path link = world.data.resolve("second.db");
        String at = STEPS.get(index % STEPS.size());
        AtomicBoolean done = new AtomicBoolean();
        Steps.of(world.name, step -> {
            if (step.equals(at) && done.compareAndSet(false, true)) {
                Files.createLink(link, world.db());
            }
        });
        Outcome outcome = world.snapshot();
        Steps.forget(world.name);
        world.expect(done.get(), "the run came to " + at);
        world.expectFailure(outcome, FailureKind.REFUSED, FailureKind.BUSY);
        world.expect(world.rows(link).equals(history.rows()), "the second name keeps every row, linked at " + at);
        world.expect(world.localRows().equals(history.rows()), "the database keeps every row, linked at " + at);
        world.restart();
        world.expect(world.keep() instanceof Outcome.Snapshotted, "kept, it is backed up under two names");
        world.expectFailure(world.snapshot(), FailureKind.REFUSED);
        Files.delete(link);
        world.expectOffloaded(world.snapshot());
        history.expectNewestWhole("a second name");
        world.goesOn();
    }
}
