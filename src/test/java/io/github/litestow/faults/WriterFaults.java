package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Pauses;
import io.github.litestow.application.Application.Style;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Applications that write, wait, read and lock while a run works on their database. */
final class WriterFaults {
    /** What a database can be in when the application opens it. */
    static final List<String> JOURNALS = List.of("wal", "delete", "truncate", "persist", "memory", "off");

    private static final Duration LONG_WAIT = Duration.ofSeconds(30);

    private WriterFaults() {}

    /** Writes all the time, holding or reopening its connection, through snapshots and restores. */
    static void writerAllTheTime(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        String journal = JOURNALS.get(index % JOURNALS.size());
        writer.make(world.db(), journal, 1, 20);
        Style style = index / JOURNALS.size() % 2 == 0 ? Style.REOPENED : Style.HELD;
        int last = 1000;
        for (int round = 0; round < 3; round++) {
            writer.loop(world.db(), last, style, Pauses.BURSTS, journal, random.nextLong());
            writer.awaitRows(1);
            Outcome outcome = world.snapshot();
            boolean busy = outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.BUSY;
            world.expect(busy || !(outcome instanceof Outcome.Failed), "a writer made the snapshot fail: " + outcome);
            last = writer.stop().lastKey() + 1;
            world.expect(!(world.restore() instanceof Outcome.Failed), "the restore failed");
        }
        writer.closeConnection();
        world.goesOn();
    }

    /** Writes once at a chosen step: before, between upload and seal, under the seal, after. */
    static void writerAtStep(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        Application second = world.application();
        List<String> steps = List.of("look", "replicate", "restore", "seal", "compare", "delete");
        String step = steps.get(index % steps.size());
        String journal = JOURNALS.get((index + index / steps.size()) % JOURNALS.size());
        boolean held = random.nextBoolean();
        writer.make(world.db(), journal, 1, 20);
        if (held) {
            second.openAndRead(world.db(), LONG_WAIT, journal);
        }
        AtomicInteger tries = new AtomicInteger();
        Steps.of(world.name, now -> {
            if (now.equals(step) && tries.incrementAndGet() == 1) {
                write(world, held ? second : writer, held);
            }
        });
        Outcome outcome = world.snapshot();
        Steps.forget(world.name);
        world.expect(!(outcome instanceof Outcome.Failed), "a writer made the snapshot fail: " + outcome);
        if (held) {
            if (tries.get() > 0) {
                second.acknowledged();
            }
            second.closeConnection();
        }
        writer.once(world.db(), 200);
        world.goesOn();
    }

    private static void write(World world, Application writer, boolean held) throws Exception {
        if (held) {
            writer.waitingToWrite(100);
        } else {
            // Under the seal nobody gets in; it gives up and knows that it is not committed.
            writer.once(world.db(), 100, Duration.ofMillis(100));
        }
    }

    /** Waits for the lock through the whole seal, with a connection from before or a new one. */
    static void openerThatWaits(World world, Random random, int index) throws Exception {
        Application opener = world.application();
        String journal = JOURNALS.get(index % JOURNALS.size());
        boolean before = index / JOURNALS.size() % 4 != 3;
        opener.make(world.db(), before ? "delete" : journal, 1, 5);
        if (before) {
            opener.openAndRead(world.db(), LONG_WAIT, journal.equals("wal") ? "delete" : journal);
        }
        boolean late = random.nextBoolean();
        AtomicInteger tries = new AtomicInteger();
        Steps.of(world.name, step -> {
            if (step.equals(late ? "delete" : "compare") && tries.incrementAndGet() == 1) {
                if (!before) {
                    opener.openUnderLock(world.db(), LONG_WAIT, journal);
                }
                opener.waitingToWrite(100);
            }
        });
        Outcome outcome = world.snapshot();
        Steps.forget(world.name);
        world.expect(!(outcome instanceof Outcome.Failed), "an opener made the snapshot fail: " + outcome);
        if (tries.get() > 0) {
            boolean told = opener.acknowledged();
            world.expect(
                    !told
                            || !(outcome instanceof Outcome.Offloaded)
                            || world.localRows().contains(100),
                    "told committed into a deleted file");
        }
        opener.closeConnection();
        if (random.nextInt(4) == 0) {
            // An application that makes what it does not find: its rows stay where it looks for them.
            opener.onceMaking(world.db(), 300);
            return;
        }
        if (random.nextInt(4) == 0) {
            world.goesOn();
        }
    }

    /** Reads in one long transaction through the whole run. */
    static void longReader(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        Application reader = world.application();
        String journal = JOURNALS.get(index % JOURNALS.size());
        writer.make(world.db(), journal, 1, 20);
        if (random.nextBoolean()) {
            // The database is in WAL afterwards, as it is from the second run on.
            world.snapshot(new SnapshotRequest("trial", true, false, Optional.empty()));
        }
        reader.openAndRead(world.db(), Duration.ofSeconds(1), "");
        world.expect(
                reader.attempt("BEGIN").startsWith("ok")
                        && reader.attempt("SELECT count(*) FROM t").startsWith("ok"),
                "the reader reads");
        Outcome outcome = world.snapshot();
        boolean busy = outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.BUSY;
        boolean kept = outcome instanceof Outcome.Snapshotted;
        world.expect(busy || kept, "a reader must keep the database there: " + outcome);
        world.expect(world.localRows().size() == 20, "every row is still there");
        reader.sql("COMMIT");
        reader.closeConnection();
        world.expectOffloaded(world.snapshot());
        world.goesOn();
    }

    /** Holds an exclusive lock for {@code seconds}, or through one run. */
    static Kind.Body exclusiveLock(int seconds) {
        return (world, random, index) -> {
            world.tuning.timeout = Duration.ofSeconds(20);
            Application locker = world.application();
            locker.make(world.db(), JOURNALS.get(index % JOURNALS.size()), 1, 20);
            locker.openAndRead(world.db(), Duration.ofSeconds(1), "");
            world.expect(locker.attempt("BEGIN EXCLUSIVE").startsWith("ok"), "the locker locks");
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            do {
                Outcome outcome = world.snapshot();
                boolean busy = outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.BUSY;
                boolean kept = outcome instanceof Outcome.Snapshotted;
                world.expect(busy || kept, "expected BUSY or kept: in use, got " + outcome);
            } while (System.nanoTime() < end);
            locker.sql("COMMIT");
            locker.closeConnection();
            world.expectOffloaded(world.snapshot());
            world.expect(world.restoredRows().equals(Set.copyOf(locker.acknowledgedRows())), "all of it is restored");
            world.goesOn();
        };
    }

    static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }
}
