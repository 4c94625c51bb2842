package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies at the replica is damaged, gone, or cannot be written; the clock is wrong. */
final class ReplicaFaults {
    private static final SnapshotRequest KEEP = new SnapshotRequest("trial", true, false, Optional.empty());

    /** Of a file of the engine: flips, header, index, trailer, cut, missing. */
    private static final int HARMS = 25;

    private ReplicaFaults() {}

    /**
     * One object damaged while no local database exists: restored whole, or failed by name; with the
     * object back, restored whole.
     */
    static void damagedWhileOffloaded(World world, Random random, int index) throws Exception {
        Application writer = history(world);
        world.expectOffloaded(world.snapshot());
        world.restart();
        List<Path> objects = objects(world);
        Path object = objects.get(index % objects.size());
        byte[] good = Files.readAllBytes(object);
        String what = harm(object, good, random, index / objects.size() % HARMS);
        Outcome outcome = world.restore();
        Set<Integer> rows = new TreeSet<>(writer.acknowledgedRows());
        if (outcome instanceof Outcome.Restored) {
            world.expect(world.localRows().equals(rows), "restored without a word, not whole: " + what);
        } else {
            // A letter of its identity, and it is another replica for all that anybody can tell.
            world.expectFailure(
                    outcome,
                    FailureKind.PROOF_FAILED,
                    FailureKind.REPLICA_MISSING,
                    object.endsWith("identity.json") ? FailureKind.REFUSED : FailureKind.REPLICA_UNREACHABLE,
                    FailureKind.REPLICA_UNREACHABLE);
            world.expect(!Files.exists(world.db()), "a failed restore left a file: " + what);
            Files.write(object, good);
            world.expect(world.restore() instanceof Outcome.Restored, "restored with the object back: " + what);
            world.expect(world.localRows().equals(rows), "every row is back: " + what);
        }
        world.nothingLeft();
        world.goesOn();
    }

    /** One file of the engine damaged while the local database is there: found, healed from it. */
    static void damagedWhileKept(World world, Random random, int index) throws Exception {
        Application writer = history(world);
        world.restart();
        List<Path> objects = objects(world).stream()
                .filter(path -> path.toString().endsWith(".ltx"))
                .toList();
        Path object = objects.get(index % objects.size());
        String what = harm(object, Files.readAllBytes(object), random, index / objects.size() % HARMS);
        writer.once(world.db(), 500);
        Outcome outcome = random.nextBoolean() ? world.verify() : world.snapshot();
        boolean healed = outcome instanceof Outcome.Offloaded || outcome instanceof Outcome.Verified;
        boolean named = outcome instanceof Outcome.Failed failed
                && Set.of(FailureKind.PROOF_FAILED, FailureKind.REFUSED).contains(failed.kind());
        world.expect(healed || named, "expected healed or named, got " + outcome + " after " + what);
        if (healed) {
            world.expect(
                    world.restoredRows().equals(new TreeSet<>(writer.acknowledgedRows())),
                    "proven, and the replica restores something else: " + what);
            world.goesOn();
        }
    }

    private static Application history(World world) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), "wal", 1, 60);
        for (int row = 100; row < 103; row++) {
            world.snapshot(KEEP);
            writer.once(world.db(), row);
        }
        world.snapshot(KEEP);
        return writer;
    }

    private static List<Path> objects(World world) throws IOException {
        try (Stream<Path> files = Files.walk(world.replica)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static String harm(Path object, byte[] good, Random random, int how) throws IOException {
        byte[] bad = good.clone();
        int at = random.nextInt(bad.length);
        switch (how) {
            case 20 -> at = random.nextInt(Math.min(100, bad.length));
            case 21 -> at = Math.max(0, bad.length - 17 - random.nextInt(20));
            case 22 -> at = bad.length - 1 - random.nextInt(Math.min(16, bad.length));
            case 23 -> bad = java.util.Arrays.copyOf(good, at);
            default -> {
                // A flip anywhere.
            }
        }
        if (how == 24) {
            Files.delete(object);
            return object.getFileName() + " missing";
        }
        if (how != 23) {
            bad[at] = (byte) (bad[at] ^ (1 << random.nextInt(8)));
        }
        Files.write(object, bad);
        return object.getFileName() + (how == 23 ? " cut at " : " flipped at ") + at;
    }

    /** The folder vanished, is a file, is on a read-only or full file system. */
    static void folderTrouble(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 200);
        int which = index % 4;
        Path elsewhere = world.folder.resolve("elsewhere");
        if (which >= 2) {
            Files.createDirectory(world.replica);
            Mounts.tmpfs(world, world.replica, "2m");
        }
        world.expect(world.snapshot(KEEP) instanceof Outcome.Snapshotted, "the replica holds something");
        writer.once(world.db(), 300);
        Path filler = world.replica.resolve("filler");
        switch (which) {
            case 0 -> Files.move(world.replica, elsewhere);
            case 1 -> {
                Files.move(world.replica, elsewhere);
                Files.writeString(world.replica, "a file");
            }
            case 2 -> Mounts.run("mount", "-o", "remount,ro", world.replica.toString());
            default -> Mounts.fill(filler);
        }
        world.expectFailure(
                world.snapshot(),
                which == 0
                        ? new FailureKind[] {FailureKind.REPLICA_MISSING}
                        : new FailureKind[] {
                            FailureKind.REPLICA_MISSING, FailureKind.REPLICA_UNREACHABLE, FailureKind.DISK
                        });
        world.expect(world.localRows().equals(writer.acknowledgedRows()), "every row is still there");
        switch (which) {
            case 0, 1 -> {
                World.delete(world.replica);
                Files.move(elsewhere, world.replica);
            }
            case 2 -> Mounts.run("mount", "-o", "remount,rw", world.replica.toString());
            default -> Files.delete(filler);
        }
        world.expectOffloaded(world.snapshot());
        world.goesOn();
    }

    /** The clock goes back and ahead an hour between runs; nothing is called unchanged that is not. */
    static void clock(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(index % 6), 1, 20);
        for (int round = 0; round < 4; round++) {
            Duration off = Duration.ofHours(random.nextInt(3) - 1L);
            world.tuning.clock = java.time.Clock.offset(java.time.Clock.fixed(Instant.now(), ZoneOffset.UTC), off);
            world.restart();
            Outcome start = world.restore();
            world.expect(!(start instanceof Outcome.Failed), "start with the clock off by " + off + ": " + start);
            writer.once(world.db(), 100 + round);
            Outcome outcome = random.nextBoolean() ? world.snapshot(KEEP) : world.snapshot();
            world.expect(
                    outcome instanceof Outcome.Offloaded || outcome instanceof Outcome.Snapshotted,
                    "run with the clock off by " + off + ": " + outcome);
            world.expect(
                    world.restoredRows().equals(new TreeSet<>(writer.acknowledgedRows())), "the newest is restored");
        }
        world.goesOn();
    }
}
