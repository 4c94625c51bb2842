package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** Full disks, forbidden files, symbolic links: on the local side. */
final class DiskFaults {
    private static final List<String> STEPS =
            List.of("recover", "look", "admit", "replicate", "restore", "seal", "compare", "delete");

    private DiskFaults() {}

    /** The database's disk is full from one step on: staging, scratch, seal, journal. */
    static void fullDisk(World world, Random random, int index) throws Exception {
        Mounts.tmpfs(world, world.data, "8m");
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 500);
        if (random.nextBoolean()) {
            world.snapshot(new SnapshotRequest("trial", true, false, Optional.empty()));
            writer.once(world.db(), 600);
        }
        Path filler = world.data.resolve("filler");
        AtomicBoolean filled = new AtomicBoolean();
        Steps.of(world.name, step -> {
            if (step.equals(STEPS.get(index % STEPS.size())) && filled.compareAndSet(false, true)) {
                Mounts.fill(filler);
            }
        });
        Outcome outcome = world.snapshot();
        world.expect(
                (outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.DISK)
                        || outcome instanceof Outcome.Snapshotted
                        || outcome instanceof Outcome.Offloaded,
                "expected DISK, kept or offloaded, got " + outcome);
        Steps.forget(world.name);
        Files.deleteIfExists(filler);
        if (!(outcome instanceof Outcome.Offloaded)) {
            world.expect(world.localRows().equals(writer.acknowledgedRows()), "every row is still there: " + outcome);
            world.restart();
            world.expectOffloaded(world.snapshot());
        }
        world.goesOn();
    }

    /** The disk is full from one step of a restore on. */
    static void fullDiskInRestore(World world, Random random, int index) throws Exception {
        Mounts.tmpfs(world, world.data, "8m");
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 500);
        world.expectOffloaded(world.snapshot());
        Path filler = world.data.resolve("filler");
        AtomicBoolean filled = new AtomicBoolean();
        String at = List.of("recover", "probe", "restore", "place", "record").get(index % 5);
        Steps.of(world.name, step -> {
            if (step.equals(at) && filled.compareAndSet(false, true)) {
                Mounts.fill(filler);
            }
        });
        Outcome outcome = world.restore();
        world.expect(
                (outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.DISK)
                        || outcome instanceof Outcome.Restored,
                "expected DISK or restored, got " + outcome);
        Steps.forget(world.name);
        Files.deleteIfExists(filler);
        writer.once(world.db(), 700);
        world.goesOn();
    }

    /** Links in place of the database, a side file, a folder of ours: refused, never followed. */
    static void symbolicLinks(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        Path real = Files.createDirectory(world.folder.resolve("real"));
        Path precious = Files.writeString(real.resolve("precious"), "not ours");
        boolean database = index % 6 == 0;
        writer.make(
                database ? real.resolve("app.db") : world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20);
        Path link = List.of(
                        world.db(),
                        world.settings().side("-wal"),
                        world.settings().side("-shm"),
                        world.settings().side("-journal"),
                        world.settings().stateFolder(),
                        world.settings().stateFolder().resolve("scratch"))
                .get(index % 6);
        if (index % 6 == 5) {
            Files.createDirectories(world.settings().stateFolder());
        }
        // The journal mode PERSIST leaves one.
        Files.deleteIfExists(world.settings().side("-journal"));
        Files.createSymbolicLink(link, database ? real.resolve("app.db") : index % 6 < 4 ? precious : real);
        Outcome outcome = world.snapshot();
        if (index % 6 == 5) {
            // A leftover in scratch is swept: the link goes, what it leads to stays.
            world.expectOffloaded(outcome);
        } else {
            world.expectFailure(outcome, FailureKind.REFUSED);
        }
        world.expect(Files.readString(precious).equals("not ours"), "what a link leads to is as it was");
        world.expect(!database || Files.size(real.resolve("app.db")) > 4096, "the database behind the link is there");
        Files.deleteIfExists(link);
        if (database) {
            Files.move(real.resolve("app.db"), world.db());
        }
        world.goesOn();
    }

    /** A process that is not allowed to do everything, as services usually are. */
    static void forbidden(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), "wal", 1, 20);
        world.snapshot(new SnapshotRequest("trial", true, false, Optional.empty()));
        writer.once(world.db(), 50);
        String path = index % 4 == 3
                ? world.replica.toString()
                : index % 4 == 1 ? world.data.toString() : world.db().toString();
        String expected = index % 4 == 3 ? "access_denied" : "disk";
        switch (index % 4) {
            case 0 -> Mounts.run("chmod", "0400", path);
            case 1 -> Mounts.run("chmod", "0500", path);
            case 2 -> {
                Mounts.run("chown", "nobody", path);
                Mounts.run("chmod", "0600", path);
            }
            default -> Mounts.run("chmod", "-R", "a-w", path);
        }
        List<String> drop =
                List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner,-chown", "--inh-caps=-all");
        long start = System.nanoTime();
        try (VictimProcess service = new VictimProcess(drop, world.data, world.replica, "snapshot", "-")) {
            String end = service.await("END").orElse("none");
            world.saw(
                    new Outcome.Failed(FailureKind.DISK, "", end, ""),
                    java.time.Duration.ofNanos(System.nanoTime() - start));
            world.expect(
                    end.contains("kind=" + expected.toUpperCase(java.util.Locale.ROOT)),
                    "expected " + expected + ", got " + end);
        }
        world.expect(world.localRows().equals(writer.acknowledgedRows()), "every row is still there");
        Mounts.run("chown", "root", path);
        Mounts.run("chmod", "-R", "u+rwX", path);
        world.goesOn();
    }
}
