package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** What lifecycle rules, other services and late writers do at the replica. */
final class UpkeepFaults {
    private static final List<String> STEPS =
            List.of("probe", "admit", "replicate", "restore", "seal", "compare", "delete");
    private static final String STRANGER =
            "{\"holder\":\"x\",\"who\":\"another service\",\"ttlMillis\":1000,\"mark\":\"y%d\"}";

    private UpkeepFaults() {}

    /** Several of our own small objects gone at once, as by a lifecycle rule, or empty, or torn. */
    static void ownObjects(World world, Random random, int index) throws Exception {
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 20 + random.nextInt(50), 2);
        boolean offloaded = index % 2 == 1;
        if (offloaded) {
            history.addRow();
            history.remember(world.snapshot());
        } else if (random.nextBoolean()) {
            history.addRow();
        }
        Path folder = world.replica.resolve("litestow");
        List<Path> objects = new ArrayList<>(History.files(folder));
        Collections.shuffle(objects, random);
        int how = index / 2 % 3;
        List<Path> hit = objects.subList(0, 1 + random.nextInt(objects.size()));
        Path saved = world.folder.resolve("saved");
        History.copy(folder, saved);
        for (Path object : hit) {
            if (how == 0) {
                Files.delete(object);
            } else if (how == 1) {
                Files.write(object, new byte[0]);
            } else {
                History.cut(object, random);
            }
        }
        String what = List.of("gone", "empty", "torn").get(how)
                + (offloaded ? " while offloaded: " : ": ")
                + hit.stream().map(Path::getFileName).toList();
        world.restart();
        Outcome start = world.restore();
        Outcome next = start instanceof Outcome.Failed ? start : world.snapshot();
        if (next instanceof Outcome.Failed failed) {
            world.expect(how != 0 && failed.kind() != FailureKind.INTERNAL, "what is " + what + ": " + failed);
            world.expect(
                    (offloaded && start instanceof Outcome.Failed)
                            || world.localRows().equals(history.rows()),
                    "every row is still there, " + what);
            for (Path object : hit) {
                // The way that the message names.
                Files.deleteIfExists(object);
            }
            world.restart();
            start = world.restore();
            world.expect(!(start instanceof Outcome.Failed), "a start without what was " + what + ": " + start);
            next = world.snapshot();
            world.expect(!(next instanceof Outcome.Failed), "a snapshot without what was " + what + ": " + next);
        }
        history.expectNewestWhole(what);
        history.expectPointsStay(what);
        world.goesOn();
    }

    /** The lease is gone, empty, or another's at one step of a run: nothing is deleted without it. */
    static void leaseTaken(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 20 + random.nextInt(300), 1);
        history.addRow();
        String at = STEPS.get(index % STEPS.size());
        int how = index / STEPS.size() % 4;
        Path lease = world.replica.resolve("litestow/lease.json");
        AtomicBoolean done = new AtomicBoolean();
        Steps.of(world.name, step -> {
            if (step.equals(at) && done.compareAndSet(false, true)) {
                switch (how) {
                    case 0 -> Files.writeString(lease, STRANGER.formatted(index));
                    case 1 -> Files.deleteIfExists(lease);
                    case 2 -> Files.write(lease, new byte[0]);
                    default ->
                        Files.writeString(lease, STRANGER.formatted(index).substring(0, random.nextInt(60)));
                }
            }
        });
        Outcome outcome = world.snapshot();
        Steps.forget(world.name);
        String what =
                "a lease " + List.of("of another", "gone", "empty", "torn").get(how) + " at " + at;
        world.expect(done.get(), "the run came to " + at);
        world.expect(
                !(outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.INTERNAL),
                what + ": " + outcome);
        if (outcome instanceof Outcome.Offloaded) {
            history.expectNewestWhole(what);
        } else {
            world.expect(world.localRows().equals(history.rows()), "every row is still there after " + what);
        }
        if (how == 2 || how == 3) {
            // Named; the way out is to remove it.
            Files.deleteIfExists(lease);
        }
        world.restart();
        for (int attempt = 0; attempt < 4 && outcome instanceof Outcome.Failed; attempt++) {
            outcome = world.snapshot();
        }
        world.expect(!(outcome instanceof Outcome.Failed), "a snapshot after " + what + ": " + outcome);
        history.expectNewestWhole(what);
        world.goesOn();
    }

    /** Two services take turns on one replica; now and then one goes on from what was overtaken. */
    static void turns(World world, Random random, int index) throws Exception {
        WiredService[] services = new WiredService[2];
        Application[] applications = {world.application(), new Application()};
        world.atEnd(applications[1]::close);
        for (int i = 0; i < 2; i++) {
            Path data = i == 0 ? world.data : Files.createDirectory(world.folder.resolve("second"));
            services[i] = world.tuning.service(world.tuning.settings(world.name + "-" + i, data, world.replica));
        }
        Application writer = applications[0];
        writer.make(world.db(), WriterFaults.JOURNALS.get(index % 6), 1, 20 + random.nextInt(100));
        world.expectOffloaded(snapshot(world, services[0]));
        int row = 1_000;
        for (int turn = 0; turn < 4; turn++) {
            WiredService now = services[(turn + 1) % 2];
            WiredService other = services[turn % 2];
            Path db = now.database().settings().database();
            Path stale = other.database().settings().database();
            boolean both = random.nextInt(3) == 0;
            world.expect(restore(world, now) instanceof Outcome.Restored, "restored at turn " + turn);
            if (both) {
                world.expect(restore(world, other) instanceof Outcome.Restored, "restored by both at turn " + turn);
                applications[1].onceUncounted(stale, 900_000 + turn);
            }
            writer.once(db, row++);
            world.expectOffloaded(snapshot(world, now));
            if (both) {
                // Overtaken: refused, and its row stays with it.
                world.expectFailure(snapshot(world, other), FailureKind.REFUSED);
                world.expect(world.rows(stale).contains(900_000 + turn), "who is refused keeps its rows");
                Files.delete(stale);
                Files.deleteIfExists(other.database().settings().side("-wal"));
                Files.deleteIfExists(other.database().settings().side("-shm"));
            }
            world.expect(
                    world.restoredRows().equals(writer.acknowledgedRows()), "every row is restored at turn " + turn);
        }
    }

    private static Outcome restore(World world, WiredService service) {
        Outcome outcome = service.restores()
                .restore(service.database(), RestoreRequest.atStart(true, false))
                .result();
        world.saw(outcome, Duration.ZERO);
        return outcome;
    }

    private static Outcome snapshot(World world, WiredService service) {
        Outcome outcome = service.snapshots()
                .snapshot(service.database(), SnapshotRequest.by("trial"))
                .result();
        world.saw(outcome, Duration.ZERO);
        return outcome;
    }

    /** A file that was proven is replaced by a sound one of the same name, as a late write does. */
    static void replacedObject(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 30 + random.nextInt(300), 1 + random.nextInt(2));
        Path elsewhere = world.folder.resolve("elsewhere");
        Path otherData = world.folder.resolve("other-data");
        History.copy(world.replica, elsewhere);
        Files.deleteIfExists(elsewhere.resolve("litestow/lease.json"));
        History.copy(world.data, otherData);
        WiredService other = world.tuning.service(world.tuning.settings(world.name + "-late", otherData, elsewhere));
        for (int row = 0; row <= random.nextInt(2); row++) {
            history.writer().onceUncounted(otherData.resolve("app.db"), 900_000 + row);
            Outcome late = other.snapshots()
                    .snapshot(other.database(), new SnapshotRequest("trial", true, false, Optional.empty()))
                    .result();
            world.expect(late instanceof Outcome.Snapshotted, "the late one is ready: " + late);
        }
        history.addRow();
        history.kept();
        history.addRow();
        boolean offloaded = index % 2 == 1;
        if (offloaded) {
            world.expectOffloaded(world.snapshot());
        } else {
            history.kept();
        }
        int replaced = 0;
        List<Path> saved = new ArrayList<>();
        for (Path late : History.files(elsewhere.resolve("ltx"))) {
            Path target = world.replica.resolve(elsewhere.relativize(late).toString());
            if (Files.exists(target) && Files.mismatch(late, target) >= 0) {
                saved.add(Files.copy(target, world.folder.resolve("saved-" + replaced)));
                saved.add(target);
                Files.copy(late, target, StandardCopyOption.REPLACE_EXISTING);
                replaced++;
            }
        }
        String what = replaced + " files replaced" + (offloaded ? ", offloaded" : ", kept");
        world.expect(replaced > 0, "nothing was replaced");
        world.restart();
        Outcome outcome = offloaded ? world.restore() : world.verify();
        if (offloaded) {
            if (outcome instanceof Outcome.Failed) {
                world.expectFailure(outcome, FailureKind.PROOF_FAILED);
                world.expect(Files.notExists(world.db()), "nothing is at the path after " + what);
                for (int i = 0; i < saved.size(); i += 2) {
                    Files.copy(saved.get(i), saved.get(i + 1), StandardCopyOption.REPLACE_EXISTING);
                }
                outcome = world.restore();
            }
            world.expect(outcome instanceof Outcome.Restored, "restored after " + what + ": " + outcome);
            world.expect(world.localRows().equals(history.rows()), "exactly what was proven, after " + what);
        } else if (outcome instanceof Outcome.Failed) {
            world.expectFailure(outcome, FailureKind.PROOF_FAILED);
        }
        history.addRow();
        Outcome next = world.keep();
        world.expect(!(next instanceof Outcome.Failed), "the next snapshot after " + what + ": " + next);
        if (!offloaded) {
            world.expect(!(world.verify() instanceof Outcome.Failed), "verified after " + what);
        }
        history.expectNewestWhole(what);
        world.goesOn();
    }

    /** Many small files, then some of them damaged or gone, while the database is there. */
    static void manySmall(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 30, 8 + random.nextInt(8));
        List<Path> files = History.files(world.replica.resolve("ltx"));
        StringBuilder what = new StringBuilder();
        for (int hit = 0; hit <= index % 3; hit++) {
            Path file = History.any(files, random);
            if (Files.exists(file) && Files.size(file) > 0) {
                switch (random.nextInt(3)) {
                    case 0 -> Files.delete(file);
                    case 1 -> History.cut(file, random);
                    default -> History.flip(file, random);
                }
                what.append(' ').append(file.getFileName());
            }
        }
        world.restart();
        history.addRow();
        Outcome outcome = random.nextBoolean() ? world.verify() : world.snapshot();
        if (outcome instanceof Outcome.Failed failed) {
            world.expectFailure(outcome, FailureKind.PROOF_FAILED, FailureKind.REFUSED, FailureKind.REPLICA_MISSING);
            world.expect(world.localRows().equals(history.rows()), "every row is there, damaged" + what + failed);
            return;
        }
        history.expectNewestWhole("damage of" + what);
        world.goesOn();
    }
}
