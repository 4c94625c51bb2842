package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Kept;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
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

    /** A database that cannot be deleted: known before the upload, kept, no failure, and proven all the same. */
    static void notRemovable(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20 + random.nextInt(200));
        if (index % 2 == 0) {
            Mounts.run("mount", "--bind", world.db().toString(), world.db().toString());
            world.atEnd(() -> Mounts.run("umount", "-l", world.db().toString()));
            kept(world, world.snapshot());
            world.expect(world.localRows().equals(writer.acknowledgedRows()), "every row is still there");
            world.expectFailure(world.restore(RestoreRequest.newest("trial", true)), FailureKind.REFUSED);
            writer.once(world.db(), 500);
            kept(world, world.snapshot());
            return;
        }
        Mounts.run("chown", "nobody", world.db().toString(), world.data.toString());
        Mounts.run("chmod", "1777", world.data.toString());
        List<String> drop = List.of("setpriv", "--bounding-set=-fowner,-chown", "--inh-caps=-all");
        try (VictimProcess service = new VictimProcess(drop, world.data, world.replica, "snapshot", "-")) {
            String end = service.await("END").orElse("none");
            world.expect(end.contains("NOT_REMOVABLE"), "expected to be kept, got " + end);
        }
        Mounts.run("chmod", "0755", world.data.toString());
        Mounts.run("chown", "root", world.db().toString(), world.data.toString());
        world.expect(world.localRows().equals(writer.acknowledgedRows()), "every row is still there");
        writer.once(world.db(), 500);
        world.goesOn();
    }

    private static void kept(World world, Outcome outcome) {
        world.expect(
                outcome.keptBecause().equals(Optional.of(Kept.NOT_REMOVABLE)), "expected to be kept, got " + outcome);
    }

    /** A database that fits at the replica, compressed, and not on the disk: refused before, or stopped in time. */
    static void noRoomForRestore(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), "wal", 1, 10_000 + random.nextInt(5_000));
        world.expectOffloaded(world.snapshot());
        world.data = Files.createDirectory(world.folder.resolve("small-disk"));
        Mounts.tmpfs(world, world.data, index % 2 == 0 ? "2m" : "8m");
        world.restart();
        Application beside = world.application();
        Path other = world.data.resolve("other.db");
        beside.make(other, "wal", 20_000, 20);
        Path filler = world.data.resolve("filler");
        if (index % 2 == 1) {
            // There is room when it begins, and then others take it.
            Steps.of(world.name, step -> {
                if (step.equals("restore")) {
                    Mounts.run("fallocate", "-l", "5500k", filler.toString());
                }
            });
        }
        Outcome outcome = world.restore();
        Steps.forget(world.name);
        world.expectFailure(outcome, FailureKind.DISK);
        world.expect(beside.once(other, 30_000), "the application beside goes on writing");
        world.expect(!Files.exists(world.db()), "nothing is left at the path");
        world.expectFailure(world.restore(), FailureKind.DISK);
        world.data = world.folder.resolve("data");
        world.restart();
        world.expect(world.rows(other).equals(beside.acknowledgedRows()), "the application's rows are there");
        beside.close();
        world.forget(beside);
        world.goesOn();
    }
}
