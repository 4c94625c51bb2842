package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Replacing;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Jobs that build a database anew and put it in place, just while the old one is being deleted. */
final class ReplaceFaults {
    private static final int ROWS = 200;
    private static final List<Replacing> WAYS = List.of(Replacing.values());

    private ReplaceFaults() {}

    /** What is deleted is the file that was proven; the new one is there, whole, afterwards. */
    static void duringDeletion(World world, Random random, int index) throws Exception {
        Replacing how = WAYS.get(index % WAYS.size());
        Application old = new Application();
        world.atEnd(old::close);
        old.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20 + random.nextInt(2000));
        Application job = world.application();
        Path first = world.folder.resolve("data/first.db");
        Path last = world.folder.resolve("data/last.db");
        job.build(first, 5_000, ROWS, "delete");
        job.build(last, 10_000, ROWS, random.nextBoolean() ? "delete" : "wal");
        job.replacingDuringDeletion(world.db(), how == Replacing.TWICE ? List.of(first, last) : List.of(last), how);
        Outcome outcome = world.snapshot(new SnapshotRequest("trial", false, true, Optional.empty()));
        String said = job.answer();
        world.expect(
                outcome instanceof Outcome.Offloaded
                        || (outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.BUSY),
                "expected offloaded or BUSY, got " + outcome);
        if (how == Replacing.LINK) {
            Path link = Path.of(world.db() + ".link.db");
            // Made in time it keeps every row; too late there was nothing to link.
            world.expect(
                    !Files.exists(link) || world.rows(link).equals(old.acknowledgedRows()),
                    "the second name keeps every row");
            Files.deleteIfExists(link);
        } else {
            world.expect(said.equals("ok replaced"), "the job says " + said);
            if (how == Replacing.TRANSACTION) {
                job.sql("COMMIT");
                job.closeConnection();
            }
            job.acknowledge(10_000, ROWS);
            world.expect(world.localRows().equals(job.acknowledgedRows()), "the new build is there, whole");
            Outcome next = world.snapshot(new SnapshotRequest("trial", false, true, Optional.empty()));
            world.expectOffloaded(next);
        }
        Files.deleteIfExists(first);
        world.goesOn();
    }
}
