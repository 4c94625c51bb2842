package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** Restores that fail, and applications that do not wait for them. */
final class RestoreFaults {
    private static final List<String> STEPS = List.of("recover", "look", "probe", "restore", "place", "record");

    private RestoreFaults() {}

    private static final List<Before> BEFORE = List.of(Before.values());

    /** Something at the path that is no database yet. */
    private enum Before {
        NOTHING,
        EMPTY_FILE,
        NO_TABLES
    }

    /** A restore ends at one of its steps without cleaning up, and is tried again, once or twice. */
    static void cutAtStep(World world, Random random, int index) throws Exception {
        History history = offloaded(world, random);
        String at = STEPS.get(index % STEPS.size());
        Before before = BEFORE.get(index / STEPS.size() % 3);
        make(world, before);
        for (int time = 0; time <= random.nextInt(2); time++) {
            cut(world, at);
            if (random.nextBoolean() && Files.notExists(world.db())) {
                make(world, BEFORE.get(random.nextInt(3)));
            }
        }
        Outcome outcome = random.nextBoolean() ? world.restore() : world.restore(RestoreRequest.newest("trial", false));
        world.expect(
                outcome instanceof Outcome.Restored || outcome instanceof Outcome.AlreadyPresent,
                "expected to be restored, cut at " + at + " with " + before + ": " + outcome);
        world.expect(
                world.localRows().equals(history.rows()),
                "not every row is there, cut at " + at + " with " + before + ": " + outcome);
        history.addRow();
        world.expectOffloaded(world.snapshot());
        history.expectNewestWhole("a restore cut at " + at);
        world.goesOn();
    }

    private static History offloaded(World world, Random random) throws Exception {
        History history = new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 20 + random.nextInt(300), 1);
        history.addRow();
        world.expectOffloaded(world.snapshot());
        return history;
    }

    private static void cut(World world, String at) throws Exception {
        Steps.of(world.name, now -> {
            if (now.equals(at)) {
                throw new InternalError("cut short at " + at);
            }
        });
        try {
            world.restore();
        } catch (InternalError expected) {
            // As a process that ends there.
        } finally {
            Steps.forget(world.name);
            world.restart();
        }
    }

    /** As an application does that opens its database and writes nothing yet. */
    private static void make(World world, Before before) throws Exception {
        if (before == Before.EMPTY_FILE) {
            Files.createFile(world.db());
        } else if (before == Before.NO_TABLES) {
            try (Application application = new Application()) {
                Files.createFile(world.db());
                application.open(world.db(), Duration.ofSeconds(5));
                application.sql("PRAGMA journal_mode=wal");
                application.closeConnection();
            }
        }
    }

    /** An application opens its database at one step of a restore and makes what it does not find. */
    static void applicationFirst(World world, Random random, int index) throws Exception {
        History history = offloaded(world, random);
        String at = STEPS.get(index % STEPS.size());
        int what = index / STEPS.size() % 3;
        Application hasty = new Application();
        world.atEnd(hasty::close);
        AtomicBoolean done = new AtomicBoolean();
        Steps.of(world.name, now -> {
            if (now.equals(at) && done.compareAndSet(false, true)) {
                if (Files.exists(world.db())) {
                    hasty.once(world.db(), 700);
                } else if (what == 2) {
                    hasty.onceMaking(world.db(), 700);
                } else {
                    make(world, what == 0 ? Before.EMPTY_FILE : Before.NO_TABLES);
                }
            }
        });
        Outcome outcome = random.nextBoolean() ? world.restore() : world.restore(RestoreRequest.newest("trial", false));
        Steps.forget(world.name);
        world.expect(done.get(), "the run came to " + at);
        boolean wrote = !hasty.acknowledgedRows().isEmpty();
        world.expect(
                !wrote || world.localRows().contains(700),
                "the application's row was overwritten at " + at + ": " + outcome);
        world.expect(
                !(outcome instanceof Outcome.Failed failed && failed.kind() == FailureKind.INTERNAL),
                "an application first at " + at + ": " + outcome);
        if (!world.localRows().containsAll(history.rows())) {
            world.expect(
                    !(outcome instanceof Outcome.Restored),
                    "said to be restored, and rows are missing, at " + at + ": " + outcome);
            world.restart();
            // What a person does: the application's file is moved away, or it was nothing and is passed over.
            if (wrote) {
                world.expect(!(world.snapshot() instanceof Outcome.Offloaded), "the hasty file must not be the head");
                for (Path file : List.of(
                        world.db(),
                        world.settings().side("-wal"),
                        world.settings().side("-shm"))) {
                    if (Files.exists(file)) {
                        Files.move(file, world.folder.resolve("moved-" + file.getFileName()));
                    }
                }
            }
            Outcome again = world.restore();
            world.expect(again instanceof Outcome.Restored, "restored the next time, at " + at + ": " + again);
        }
        world.expect(world.localRows().containsAll(history.rows()), "every row is back, an application at " + at);
        world.goesOn();
    }

    /** The engine fails in a restore, or leaves half a file and says that all is well; then it works again. */
    static void engineFails(World world, Random random, int index) throws Exception {
        History history = offloaded(world, random);
        List<String> harms = List.of(
                "exit 1",
                "head -c $((size / 2)) \"$out\" >\"$out.half\"; mv \"$out.half\" \"$out\"",
                "head -c $((size / 2)) \"$out\" >\"$out.half\"; mv \"$out.half\" \"$out\"; exit 1",
                ": >\"$out\"",
                "rm -f \"$out\"",
                "kill -9 $$",
                "printf 'not a database' | dd of=\"$out\" conv=notrunc 2>/dev/null",
                "rm -f \"$out\"; mkdir \"$out\"");
        String harm = harms.get(index % harms.size());
        Before before = BEFORE.get(index / harms.size() % 3);
        make(world, before);
        Path engine = Files.writeString(
                world.folder.resolve("litestream"),
                "#!/bin/sh\ncase \"$*\" in *-dry-run*) exec '" + Host.realEngine() + "' \"$@\";; esac\n"
                        + "if [ \"$1\" != restore ]; then exec '" + Host.realEngine()
                        + "' \"$@\"; fi\nprevious=\nout=\nfor argument; do\n  if [ \"$previous\" = -o ]; then"
                        + " out=$argument; fi\n  previous=$argument\ndone\n'" + Host.realEngine()
                        + "' \"$@\" || exit 1\nsize=$(wc -c <\"$out\")\n" + harm + "\nexit 0\n");
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));
        world.tuning.engine = engine;
        world.restart();
        for (int time = 0; time < 2; time++) {
            Outcome outcome = time == 0 ? world.restore() : world.restore(RestoreRequest.newest("trial", false));
            world.expect(
                    outcome instanceof Outcome.Failed, "failed with `" + harm + "` and " + before + ": " + outcome);
            world.expect(world.localRows().isEmpty(), "nothing half restored is at the path: " + harm);
        }
        world.tuning.engine = Host.realEngine();
        world.restart();
        Outcome outcome = world.restore();
        world.expect(
                outcome instanceof Outcome.Restored, "restored after `" + harm + "` and " + before + ": " + outcome);
        world.expect(world.localRows().equals(history.rows()), "every row is back after " + harm);
        world.goesOn();
    }
}
