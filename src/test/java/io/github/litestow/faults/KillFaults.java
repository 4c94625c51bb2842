package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Pauses;
import io.github.litestow.application.Application.Style;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.DifferenceUpload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;

/** SIGKILL and SIGTERM of the service, of the engine, of both, wherever a run stands. */
final class KillFaults {
    /** Those first after which something is half done: the build tries the first eight. */
    private static final List<String> BOUNDARIES = List.of(
            "snapshot delete",
            "restore place",
            "snapshot compare",
            "restore record",
            "snapshot restore",
            "restore restore",
            "snapshot replicate",
            "snapshot seal",
            "snapshot admit",
            "snapshot probe",
            "snapshot look",
            "snapshot recover",
            "restore probe",
            "restore look",
            "restore recover");

    private static final List<String> IN_SNAPSHOT =
            BOUNDARIES.stream().filter(step -> step.startsWith("snapshot")).toList();

    private KillFaults() {}

    /** SIGKILL exactly where one step has ended and the next begins. */
    static void atBoundary(World world, Random random, int index) throws Exception {
        String boundary = BOUNDARIES.get(index % BOUNDARIES.size());
        Application writer = prepared(world, random);
        String doing = boundary.substring(0, boundary.indexOf(' '));
        if (doing.equals("restore")) {
            world.expectOffloaded(world.snapshot());
        }
        try (VictimProcess victim = new VictimProcess(world, doing, boundary)) {
            world.expect(victim.await("STEP " + boundary).isPresent(), "reached " + boundary);
            victim.kill();
        }
        recovers(world, writer, random);
    }

    /** The same with a replica in a bucket. */
    static void atBoundaryWithBucket(World world, Random random, int index) throws Exception {
        BucketStore.of(world);
        atBoundary(world, random, index);
    }

    /** SIGKILL the moment a file shows how far the deletion or the placement is. */
    static void whenFileShows(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        Path db = world.db();
        Path state = world.settings().stateFolder();
        Path engine = world.settings().engineFolder();
        Path difference = DifferenceUpload.pending(world.settings());
        int which = index % 8;
        if (which >= 5) {
            world.expectOffloaded(world.snapshot());
        }
        Path journal = state.resolve("state.json");
        List<Callable<Boolean>> conditions = List.of(
                () -> marked(db),
                () -> marked(db) && !Files.exists(engine),
                () -> !Files.exists(db) || Files.exists(state.resolve("deleting")),
                () -> Files.exists(journal) && Files.readString(journal).contains("\"deleting\""),
                () -> Files.exists(engine) || Files.exists(difference),
                () -> Files.exists(db),
                () -> Files.exists(state.resolve("scratch")),
                () -> Files.exists(db) && !Files.exists(state.resolve("scratch")));
        try (VictimProcess victim = new VictimProcess(world, which >= 5 ? "restore" : "snapshot", "-")) {
            victim.await("READY");
            Callable<Boolean> condition = conditions.get(which);
            while (victim.alive() && !quietly(condition)) {
                Thread.onSpinWait();
            }
            victim.kill();
        }
        recovers(world, writer, random);
    }

    private static boolean quietly(Callable<Boolean> condition) throws Exception {
        try {
            return condition.call();
        } catch (java.io.IOException e) {
            // Replaced or deleted between two looks.
            return false;
        }
    }

    private static boolean marked(Path db) throws java.io.IOException {
        try (var in = Files.newInputStream(db)) {
            return in.read() == 'L';
        }
    }

    /** SIGKILL at any time of the service, the engine or both, while a writer goes on. */
    static void atRandom(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        boolean service = index % 3 != 1;
        boolean engine = index % 3 != 0;
        try (VictimProcess victim = new VictimProcess(world, "both", "-")) {
            victim.await("STEP");
            // Without a writer the service would soon find nothing changed and start no engine.
            Style style = random.nextBoolean() ? Style.HELD : Style.REOPENED;
            writer.loop(world.db(), 1000, style, Pauses.BURSTS, "", random.nextLong());
            victim.awaitEnd(Duration.ofMillis(random.nextInt(1500)));
            if (engine) {
                WriterFaults.await(() -> !victim.engines().isEmpty());
                victim.awaitEnd(Duration.ofMillis(random.nextInt(30)));
                victim.engines().forEach(ProcessHandle::destroyForcibly);
            }
            if (service) {
                victim.kill();
            } else {
                victim.await("END");
                world.expect(victim.await("END").isPresent(), "the service goes on without its engine");
                victim.kill();
            }
            writer.stop();
            writer.closeConnection();
        }
        recovers(world, writer, random);
    }

    /** SIGTERM at any time of a run: it is cut short, a last snapshot is taken, nothing is deleted. */
    static void terminated(World world, Random random, int index) throws Exception {
        Application writer = prepared(world, random);
        boolean boundary = index % 2 == 0;
        String step = IN_SNAPSHOT.get(index / 2 % IN_SNAPSHOT.size());
        try (VictimProcess victim = new VictimProcess(world, "both", "-")) {
            victim.await(boundary ? "STEP " + step : "STEP");
            if (!boundary) {
                victim.awaitEnd(Duration.ofMillis(random.nextInt(700)));
            }
            long start = System.nanoTime();
            victim.term();
            Optional<String> stopped = victim.await("STOPPED");
            world.expect(stopped.orElse("").equals("STOPPED true"), "the run ended in time: " + stopped);
            String last = victim.await("LAST").orElse("none");
            world.expect(
                    List.of("Snapshotted", "Unchanged", "NothingToSnapshot").stream()
                            .anyMatch(last::contains),
                    "the last snapshot ended with " + last);
            victim.awaitEnd(Duration.ofSeconds(25));
            world.expect(!victim.alive(), "it ended within its grace");
            world.saw(new Outcome.Skipped("stopped"), Duration.ofNanos(System.nanoTime() - start));
        }
        recovers(world, writer, random);
    }

    private static Application prepared(World world, Random random) throws Exception {
        Application writer = world.application();
        writer.make(world.db(), WriterFaults.JOURNALS.get(random.nextInt(6)), 1, 20 + random.nextInt(300));
        if (random.nextBoolean()) {
            // Not the first run: state, lineage and a restore point are there.
            world.expectOffloaded(world.snapshot());
            world.expect(world.restore() instanceof Outcome.Restored, "restored");
            writer.once(world.db(), 900);
        }
        return writer;
    }

    /** The application may be the first to look, or Litestow; neither needs anybody's hand. */
    private static void recovers(World world, Application writer, Random random) throws Exception {
        if (random.nextBoolean()) {
            writer.once(world.db(), 950, Duration.ofSeconds(1));
        }
        world.goesOn();
    }
}
