package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.application.OwnSchema;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.DifferenceUpload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What applications do to a database between two runs. */
final class MigrationFaults {
    private static final List<OwnSchema> SCHEMAS = List.of(OwnSchema.values());
    private static final List<Integer> PAGE_SIZES = List.of(512, 1024, 4096, 8192, 16384, 65536);
    private static final List<String> MAINTENANCE = List.of(
            "VACUUM",
            "PRAGMA journal_mode=DELETE",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "ALTER TABLE junk ADD COLUMN more%d",
            "CREATE INDEX i%d ON junk (b)",
            "DELETE FROM junk WHERE id % 2 = 0",
            "DELETE FROM junk",
            "INSERT INTO junk (b) SELECT randomblob(900) FROM t LIMIT 200",
            "INSERT INTO junk (b) SELECT randomblob(60000) FROM t LIMIT 5",
            "REINDEX",
            "ANALYZE",
            "PRAGMA user_version=%d",
            "PRAGMA auto_vacuum=INCREMENTAL; VACUUM; DELETE FROM junk WHERE id > 50; PRAGMA incremental_vacuum",
            "PRAGMA auto_vacuum=FULL; VACUUM",
            "PRAGMA journal_mode=DELETE; PRAGMA auto_vacuum=NONE; VACUUM",
            "DROP TABLE junk; CREATE TABLE junk (id INTEGER PRIMARY KEY, b)",
            "PRAGMA secure_delete=ON; DELETE FROM junk WHERE id < 50",
            "CREATE TABLE w%d (k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO w%d VALUES ('x')");

    private MigrationFaults() {}

    /** VACUUM into another page size between two runs, back and forth, with or without the engine's state. */
    static void pageSize(World world, Random random, int index) throws Exception {
        History history = new History(world, "wal", 1_000 + random.nextInt(1_000), 1);
        for (int round = 0; round < 2; round++) {
            int size = PAGE_SIZES.get((index + round * (1 + random.nextInt(5))) % PAGE_SIZES.size());
            String what = "page size " + size;
            if (random.nextInt(4) == 0) {
                World.delete(world.settings().engineFolder());
            }
            execute(world, history, "PRAGMA journal_mode=DELETE; PRAGMA page_size=" + size + "; VACUUM");
            history.addRow();
            Outcome outcome = world.keep();
            if (outcome instanceof Outcome.Failed failed && failed.cause().contains("shrank")) {
                outcome = world.adopt();
                world.expect(world.restore() instanceof Outcome.Restored, "restored with " + what);
            }
            world.expect(
                    outcome instanceof Outcome.Snapshotted || outcome instanceof Outcome.Offloaded,
                    "a snapshot with " + what + ": " + outcome);
            history.remember(outcome);
            history.expectNewestWhole(what);
        }
        history.expectPointsStay("other page sizes");
        world.goesOn();
        history.expectNewestWhole("other page sizes");
    }

    /** VACUUM, auto_vacuum, migrations, purges, other journal modes: each is backed up, or refused as shrunken. */
    static void maintenance(World world, Random random, int index) throws Exception {
        History history =
                new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 100 + random.nextInt(400), 0);
        execute(world, history, "CREATE TABLE junk (id INTEGER PRIMARY KEY, b)");
        history.kept();
        for (int round = 0; round < 4; round++) {
            String work = MAINTENANCE.get(
                    (index + round * (1 + random.nextInt(MAINTENANCE.size() - 1))) % MAINTENANCE.size());
            execute(world, history, work.replace("%d", String.valueOf(round)));
            history.addRow();
            Outcome outcome = random.nextInt(3) == 0 ? world.snapshot() : world.keep();
            if (outcome instanceof Outcome.Failed failed && failed.cause().contains("shrank")) {
                world.expectFailure(outcome, FailureKind.REFUSED);
                outcome = world.adopt();
            }
            world.expect(
                    outcome instanceof Outcome.Snapshotted || outcome instanceof Outcome.Offloaded,
                    "a snapshot after " + work + ": " + outcome);
            history.remember(outcome);
            history.expectNewestWhole(work);
            if (outcome instanceof Outcome.Offloaded) {
                world.expect(world.restore() instanceof Outcome.Restored, "restored after " + work);
            }
        }
        history.expectPointsStay("maintenance");
        world.goesOn();
    }

    /**
     * The same, and checkpoints in a loop, just when a run begins one of its steps: of a database that stays or goes, in
     * use or not, uploaded by its pages or by the engine. Whoever finds it sealed gets no further.
     */
    static void maintenanceAtStep(World world, Random random, int index) throws Exception {
        boolean stays = random.nextBoolean();
        world.tuning.deleteLocal = !stays;
        world.tuning.verifyEvery = random.nextBoolean() ? Duration.ofNanos(1) : Duration.ofDays(1);
        String journal = random.nextBoolean() ? "wal" : WriterFaults.JOURNALS.get(random.nextInt(6));
        History history = new History(world, journal, 200 + random.nextInt(1_500), 0);
        execute(world, history, "CREATE TABLE junk (id INTEGER PRIMARY KEY, b)");
        execute(world, history, "INSERT INTO junk (b) SELECT randomblob(900) FROM t LIMIT " + random.nextInt(1_000));
        history.kept();
        Application job = world.application();
        boolean held = random.nextInt(3) == 0;
        if (held) {
            job.openAndRead(world.db(), Duration.ofMillis(100), "");
        }
        for (int round = 0; round < 3; round++) {
            history.addRow();
            String at = SwapFaults.STEPS.get((index + round) % SwapFaults.STEPS.size());
            List<String> works = List.of(
                    MAINTENANCE.get(random.nextInt(MAINTENANCE.size())),
                    MAINTENANCE.get((index + round) % MAINTENANCE.size()));
            int number = round;
            AtomicInteger times = new AtomicInteger();
            Steps.of(world.name, step -> {
                if (step.equals(at) && times.incrementAndGet() <= 2) {
                    String work = works.get(times.get() - 1).replace("%d", String.valueOf(number * 10 + times.get()));
                    attempt(world, job, held, work);
                }
            });
            Outcome outcome = world.snapshot();
            Steps.forget(world.name);
            String what = works + " at " + at + (stays ? ", stays" : "") + (held ? ", held" : "") + ", " + journal;
            boolean named = outcome instanceof Outcome.Failed failed
                    && (failed.kind() == FailureKind.BUSY || failed.cause().contains("shrank"));
            world.expect(named || !(outcome instanceof Outcome.Failed), what + ": " + outcome);
            if (!(outcome instanceof Outcome.Failed)) {
                history.expectNewestWhole(what);
            }
            if (outcome instanceof Outcome.Offloaded) {
                world.expect(world.restore() instanceof Outcome.Restored, "restored after " + what);
            }
            world.expect(world.localRows().equals(history.rows()), "every row is here after " + what);
        }
        if (held) {
            job.closeConnection();
        }
        Outcome last = world.keep();
        if (last instanceof Outcome.Failed failed && failed.cause().contains("shrank")) {
            last = world.adopt();
        }
        world.expect(!(last instanceof Outcome.Failed), "the last snapshot: " + last);
        history.expectNewestWhole("maintenance at a step");
        world.goesOn();
    }

    private static void attempt(World world, Application job, boolean held, String statements) {
        if (!held) {
            job.open(world.db(), Duration.ofMillis(100));
        }
        for (String statement : statements.split(";", -1)) {
            job.attempt(statement.strip());
        }
        for (int again = 0; again < 3; again++) {
            job.attempt("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        if (!held) {
            job.closeConnection();
        }
    }

    private static void execute(World world, History history, String statements) {
        Application writer = history.writer();
        writer.openAndRead(world.db(), Duration.ofSeconds(5), "");
        for (String statement : statements.split(";", -1)) {
            writer.sql(statement.strip());
        }
        writer.closeConnection();
    }

    /** The engine's own state, or the difference that was uploaded instead. */
    private static Path keptOfUpload(World world) {
        Path engine = world.settings().engineFolder();
        return Files.exists(engine) ? engine : DifferenceUpload.pending(world.settings());
    }

    /** A schema that needs what only its application registers: alone, and with damage beside. */
    static void ownSchema(World world, Random random, int index) throws Exception {
        OwnSchema schema = SCHEMAS.get(index % SCHEMAS.size());
        int damage = (index + index / SCHEMAS.size()) % 4;
        History history = new History(world, "wal", 50 + random.nextInt(200), 1);
        schema.migrate(world.db());
        history.kept();
        history.addRow();
        String what = schema + " with "
                + List.of(
                                "nothing else",
                                "what is kept here of the last upload flipped",
                                "the replica's newest" + " file flipped",
                                "our record lost")
                        .get(damage);
        if (damage == 1) {
            History.flip(History.any(History.files(keptOfUpload(world)), random), random);
        } else if (damage == 2) {
            List<Path> files = History.files(world.replica.resolve("ltx"));
            History.flip(files.get(files.size() - 1), random);
            World.delete(keptOfUpload(world));
        } else if (damage == 3) {
            history.kept();
            Files.delete(world.settings().stateFolder().resolve("state.json"));
            world.restart();
        }
        Outcome outcome = world.snapshot();
        world.expectOffloaded(outcome);
        history.expectNewestWhole(what);
        Outcome restored = world.restore();
        world.expect(restored instanceof Outcome.Restored, "restored " + what + ": " + restored);
        world.expect(world.localRows().equals(history.rows()), "every row is back, " + what);
        Outcome verified = world.verify();
        world.expect(!(verified instanceof Outcome.Failed), "verified " + what + ": " + verified);
        world.goesOn();
    }
}
