package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.difference.IndexedPoint;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.difference.PageIndexWriter;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.DifferenceUpload;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.sqlite.PageScan;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** What can go wrong with a snapshot by difference, at each step and with what it relies on. */
final class DifferenceFaults {
    private static final int ROWS = 900;

    private DifferenceFaults() {}

    /** SIGKILL just before its pages are read, or while they are. */
    static void killedWhileRead(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        try (VictimProcess victim = new VictimProcess(world, "snapshot", "snapshot compare")) {
            world.expect(victim.await("STEP snapshot compare").isPresent(), "it reads the pages");
            if (index % 2 == 1) {
                victim.answer();
                victim.awaitEnd(Duration.ofMillis(random.nextInt(30)));
            }
            victim.kill();
        }
        recovers(world, writer, random);
    }

    /** SIGKILL the moment its file shows. */
    static void killedWhileWritten(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path folder = DifferenceUpload.pending(world.settings()).resolve("ltx/0");
        try (VictimProcess victim = new VictimProcess(world, "snapshot", "snapshot put")) {
            victim.await("READY");
            while (victim.alive() && !Files.exists(folder)) {
                Thread.onSpinWait();
            }
            victim.awaitEnd(Duration.ofMillis(random.nextInt(5)));
            victim.kill();
        }
        recovers(world, writer, random);
    }

    /** SIGKILL right before it is put at the replica. */
    static void killedBeforePut(World world, Random random, int index) throws Exception {
        killedAt("snapshot put", world, random);
    }

    /** SIGKILL right after it was put, before any listing has confirmed it. */
    static void killedAfterPut(World world, Random random, int index) throws Exception {
        killedAt("snapshot confirm", world, random);
    }

    private static void killedAt(String step, World world, Random random) throws Exception {
        Application writer = prepared(world, random);
        try (VictimProcess victim = new VictimProcess(world, "snapshot", step)) {
            world.expect(victim.await("STEP " + step).isPresent(), "reached " + step);
            victim.kill();
        }
        recovers(world, writer, random);
    }

    /** SIGKILL while it is proven: as the restore begins, in it, under the seal, in the comparison, at the deletion. */
    static void killedWhileProven(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        try (VictimProcess victim = new VictimProcess(world, "snapshot", "snapshot restore")) {
            world.expect(victim.await("STEP snapshot restore").isPresent(), "it is put and confirmed");
            String until = List.of("", "in", "seal", "compare", "delete").get(index % 5);
            if (!until.isEmpty()) {
                victim.answer();
            }
            if (until.equals("in")) {
                victim.awaitEnd(Duration.ofMillis(random.nextInt(150)));
            } else if (!until.isEmpty()) {
                victim.await("STEP snapshot " + until);
            }
            victim.kill();
        }
        recovers(world, writer, random);
    }

    /** The index of pages is cut, or has a bit flipped. */
    static void indexTorn(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path place = PageIndex.place(world.settings());
        if (index % 2 == 0) {
            History.flip(place, random);
        } else {
            History.cut(place, random);
        }
        ends(world, writer, random);
    }

    /** The index of pages is another replica's, which has as many transactions, of another database. */
    static void indexOfAnotherReplica(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path data = Files.createDirectory(world.folder.resolve("another"));
        ConfiguredDatabase settings =
                world.tuning.settings(world.name + "-another", data, world.folder.resolve("another-replica"));
        WiredService another = world.tuning.service(settings);
        Application others = new Application();
        world.atEnd(others::close);
        others.make(settings.database(), "wal", 1, ROWS);
        world.expectOffloaded(snapshot(another));
        world.expect(restore(another) instanceof Outcome.Restored, "restored from the other replica");
        Files.copy(PageIndex.place(settings), PageIndex.place(world.settings()), StandardCopyOption.REPLACE_EXISTING);
        ends(world, writer, random);
    }

    /** The index of pages is of an older point, as after it was put back by hand. */
    static void indexOfOlderPoint(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path place = PageIndex.place(world.settings());
        byte[] older = Files.readAllBytes(place);
        world.expectOffloaded(world.snapshot());
        world.expect(world.restore() instanceof Outcome.Restored, "restored");
        writer.once(world.db(), 901);
        Files.write(place, older);
        ends(world, writer, random);
    }

    /** Another service that holds the lease by then uploads, and is done, just before this one puts its file. */
    static void twoServices(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path data = Files.createDirectory(world.folder.resolve("second"));
        WiredService second = world.tuning.service(world.tuning.settings(world.name + "-second", data, world.replica));
        world.expect(restore(second) instanceof Outcome.Restored, "restored by both");
        Application others = new Application();
        world.atEnd(others::close);
        others.onceUncounted(second.database().settings().database(), 5_000);
        Outcome[] theirs = new Outcome[1];
        world.aroundPut(
                put -> {
                    delete(world.replica.resolve("litestow/lease.json"));
                    theirs[0] = snapshot(second);
                },
                put -> {});

        world.expectFailure(world.snapshot(), FailureKind.BUSY);

        world.expectOffloaded(theirs[0]);
        world.expect(world.localRows().equals(writer.acknowledgedRows()), "who was late keeps its rows");
        world.expect(world.restoredRows().contains(5_000), "what was first is what is restored");
        world.plain();
        world.expectFailure(world.snapshot(), FailureKind.REFUSED);
        world.expect(world.restoredRows().contains(5_000), "and stays");
    }

    /** Another one holds the lease when the file was put, before that is confirmed. */
    static void leaseLostAfterPut(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path lease = world.replica.resolve("litestow/lease.json");
        AtomicBoolean put = new AtomicBoolean();
        world.aroundPut(file -> {}, file -> {
            put.set(true);
            write(
                    lease,
                    "{\"holder\":\"x\",\"who\":\"another\",\"ttlMillis\":1000,\"mark\":\"y\"}"
                            .getBytes(StandardCharsets.UTF_8));
        });
        Outcome outcome = world.snapshot();
        world.expect(put.get(), "it was put");
        world.expectFailure(outcome, FailureKind.BUSY);
        world.expect(world.localRows().equals(writer.acknowledgedRows()), "nothing is deleted without the lease");
        world.plain();
        Files.delete(lease);
        recovers(world, writer, random);
    }

    /** What was put does not restore, or not to what is here: damaged at the replica, or a page is missing in it. */
    static void doesNotProve(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        AtomicBoolean put = new AtomicBoolean();
        if (index % 2 == 0) {
            world.aroundPut(file -> {}, file -> {
                put.set(true);
                flip(world.replica.resolve(file.key()), random);
            });
        } else {
            // No defect is known that makes such an index: it calls unchanged what is not.
            callsChangedUnchanged(world, writer);
            world.aroundPut(file -> {}, file -> put.set(true));
        }
        Outcome outcome = world.snapshot();
        world.expect(put.get(), "a difference was put");
        world.expectOffloaded(outcome);
        world.expect(world.restoredRows().equals(writer.acknowledgedRows()), "every row is restored");
        world.plain();
        world.goesOn();
    }

    private static void callsChangedUnchanged(World world, Application writer) throws Exception {
        Path place = PageIndex.place(world.settings());
        IndexedPoint point = PageIndex.pointOf(place).orElseThrow();
        TestDatabase.at(world.db()).execute("PRAGMA journal_mode=DELETE", "PRAGMA journal_mode=WAL");
        Path fresh = world.folder.resolve("index");
        try (PageIndexWriter index = new PageIndexWriter(fresh)) {
            PageScan.of(world.db(), index, WorkLimit.none());
            index.place(place, point);
        }
        writer.once(world.db(), 902);
    }

    /** A database that was restored, and to which a row was added since: the next snapshot uploads a difference. */
    private static Application prepared(World world, Random random) throws Exception {
        // No trial waits for it to run out, and a busy machine must not lose it.
        world.tuning.leaseTime = Duration.ofSeconds(20);
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, ROWS - 1);
        world.expectOffloaded(world.snapshot());
        world.expect(world.restore() instanceof Outcome.Restored, "restored");
        writer.once(world.db(), ROWS);
        return writer;
    }

    private static void recovers(World world, Application writer, Random random) throws Exception {
        if (random.nextBoolean()) {
            writer.once(world.db(), 950, Duration.ofSeconds(1));
        }
        world.goesOn();
        world.expect(world.restoredRows().equals(writer.acknowledgedRows()), "every row is restored");
    }

    private static void ends(World world, Application writer, Random random) throws Exception {
        world.restart();
        world.expectOffloaded(world.snapshot());
        world.expect(world.restoredRows().equals(writer.acknowledgedRows()), "every row is restored");
        recovers(world, writer, random);
    }

    private static Outcome snapshot(WiredService service) {
        return service.snapshots()
                .snapshot(service.database(), SnapshotRequest.by("trial"))
                .result();
    }

    private static Outcome restore(WiredService service) {
        return service.restores()
                .restore(service.database(), RestoreRequest.newest("trial", false))
                .result();
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flip(Path file, Random random) {
        try {
            History.flip(file, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
