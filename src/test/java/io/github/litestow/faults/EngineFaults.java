package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Engines that do not do what they say, or nothing at all: shell scripts in litestream's place. */
final class EngineFaults {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private EngineFaults() {}

    /** On what a database may be deleted with a lying engine. */
    private enum Accepts {
        /** On nothing. */
        NOTHING,
        /** On what it restored; it was not asked to upload. */
        WITHOUT_UPLOAD,
        /** On that, and on the second of two copies, of which it spoils one. */
        SPARED_COPY
    }

    private record Liar(Fake fake, Accepts accepts) {
        Liar(String name, Accepts accepts) {
            this(new Fake(name, FailureKind.PROOF_FAILED), accepts);
        }
    }

    private static final List<Liar> LIARS = List.of(
            new Liar("says-complete", Accepts.NOTHING),
            new Liar("says-nothing", Accepts.NOTHING),
            new Liar("says-shutting-down", Accepts.NOTHING),
            new Liar("loses-newest", Accepts.WITHOUT_UPLOAD),
            new Liar("cuts-newest", Accepts.SPARED_COPY),
            new Liar("restores-nothing", Accepts.NOTHING),
            new Liar("restores-old", Accepts.NOTHING));

    private static final List<Fake> MAD = List.of(
            new Fake("hangs", FailureKind.TIMEOUT),
            new Fake("hangs-in-restore", FailureKind.TIMEOUT),
            new Fake("hangs-with-children", FailureKind.TIMEOUT),
            new Fake("floods", FailureKind.TIMEOUT),
            new Fake("floods-and-ends", FailureKind.INTERNAL),
            new Fake("babbles", FailureKind.PROOF_FAILED),
            new Fake("babbles-and-fails", FailureKind.INTERNAL),
            new Fake("babbles-in-restore", FailureKind.PROOF_FAILED),
            new Fake("dies", FailureKind.INTERNAL),
            new Fake("does-not-read", FailureKind.INTERNAL));

    /** A name of {@code fake_engine.sh}, and the failure that it is promised to end in. */
    private record Fake(String name, FailureKind kind) {}

    /** Whatever the engine says, the database stays unless it was restored and compared. */
    static void storesNothing(World world, Random random, int index) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20);
        boolean first = random.nextBoolean();
        Liar liar = LIARS.get(index % LIARS.size());
        Fake fake = liar.fake();
        if (!first || fake.name().equals("restores-old")) {
            world.snapshot(new SnapshotRequest("trial", true, false, Optional.empty()));
            if (fake.name().equals("restores-old")) {
                Files.copy(restored(world), Path.of(world.replica + ".old"));
            }
            writer.once(world.db(), 50);
        }
        use(world, fake);
        Outcome outcome = world.snapshot();
        if (outcome instanceof Outcome.Offloaded) {
            boolean uploaded = Files.readAllLines(verbs(world)).contains("replicate");
            boolean right =
                    liar.accepts() == Accepts.SPARED_COPY || (liar.accepts() == Accepts.WITHOUT_UPLOAD && !uploaded);
            world.expect(right, "offloaded with an engine that " + fake.name() + (uploaded ? ", and uploaded" : ""));
            world.expect(world.restoredRows().equals(writer.acknowledgedRows()), "offloaded, and not all is there");
        } else {
            world.expectFailure(outcome, fake.kind());
            world.expect(world.localRows().equals(writer.acknowledgedRows()), "every row is still there");
        }
        world.nothingLeft();
        world.tuning.engine = Host.realEngine();
        world.restart();
        if (!(outcome instanceof Outcome.Offloaded)) {
            world.expectOffloaded(world.snapshot());
        }
        world.goesOn();
    }

    /** What the engine was asked, a verb a line. */
    private static Path verbs(World world) {
        return Path.of(world.replica + ".verbs");
    }

    private static Path restored(World world) throws Exception {
        Path file = world.folder.resolve("old.db");
        world.expect(
                world.restore(new RestoreRequest(
                                "trial",
                                RestoreRequest.Point.NEWEST,
                                new RestoreRequest.Target(Optional.of(file), false, false),
                                true,
                                false))
                        instanceof Outcome.Restored,
                "a restore to another file");
        return file;
    }

    /** It ends within its deadline and five seconds, is named, and leaves no process. */
    static void hangsFloodsBabbles(World world, Random random, int index) throws Exception {
        world.tuning.timeout = TIMEOUT;
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20);
        Fake fake = MAD.get(index % MAD.size());
        use(world, fake);
        // On a busy machine whatever it does takes longer than there is time.
        world.expectFailure(world.snapshot(), fake.kind(), FailureKind.TIMEOUT);
        world.expect(world.localRows().size() == 20, "every row is still there");
        world.nothingLeft();
        world.expect(processesOf(world) == 0, "processes of the engine are left");
        world.tuning.engine = Host.realEngine();
        world.tuning.timeout = Duration.ofMinutes(1);
        world.restart();
        world.expectOffloaded(world.snapshot());
        world.goesOn();
    }

    private static long processesOf(World world) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(world.folder.toString()))
                .filter(process -> !process.equals(ProcessHandle.current()))
                .count();
    }

    private static void use(World world, Fake fake) throws IOException {
        Path file = world.folder.resolve("litestream");
        try (InputStream body = EngineFaults.class.getResourceAsStream("fake_engine.sh")) {
            Files.writeString(
                    file,
                    "#!/bin/sh\nFAKE=" + fake.name() + "\nREAL='" + Host.realEngine() + "'\nREPLICA='" + world.replica
                            + "'\n" + new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        world.tuning.engine = file;
        world.restart();
    }
}
