package io.github.litestow.faults;

import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.points.MarkRecord;
import io.github.litestow.points.PointLabel;
import io.github.litestow.points.PointMarks;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.mark.Marks;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.run.prune.PruneReport;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.store.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** The commands that change what is at the replica beside a backup, killed while they do: {@code prune}, {@code pin}, {@code label}. */
final class CommandFaults {
    /** About as many as one makes; a prune makes one more for each file. */
    private static final int REQUESTS = 24;

    private CommandFaults() {}

    /** Each point that is wanted restores, none is offered that does not, and the next prune does what is left. */
    static void prune(World world, Random random, int index) throws Exception {
        pruned(world, Optional.empty(), random, index);
    }

    /** The same with a replica in a bucket. */
    static void pruneWithBucket(World world, Random random, int index) throws Exception {
        pruned(world, Optional.of(BucketStore.of(world)), random, index);
    }

    private static void pruned(World world, Optional<BucketStore> store, Random random, int index) throws Exception {
        History history = new History(world, "wal", 20 + random.nextInt(300), 0);
        int points = 5 + random.nextInt(4);
        for (int point = 0; point < points; point++) {
            if (random.nextInt(3) > 0) {
                // Everything is uploaded, so that what is before it is not needed any more.
                Files.deleteIfExists(PageIndex.place(world.settings()));
            }
            history.addRow();
            history.kept();
        }
        Outcome verified = world.verify();
        world.expect(verified instanceof Outcome.Verified, "the newest is proven: " + verified);
        history.remember(verified);
        List<String> all = history.points();
        Set<String> wanted = new HashSet<>(all.subList(all.size() - CommandProcess.KEPT, all.size()));
        for (int pin = 0; pin < random.nextInt(3); pin++) {
            String pinned = History.any(all, random);
            marks(world).pin(world.service().database(), PointReference.of(pinned), true);
            wanted.add(pinned);
        }
        int listed = replica(world).files().size();
        int files = ltxFiles(world.replica);
        int gone = 1 + random.nextInt(3);
        boolean done =
                killed(world, store, random, index, () -> ltxFiles(world.replica) <= files - gone, List.of("prune"));
        String what = "a prune that " + (done ? "ended" : "was killed");
        expectWhole(world, history, wanted, what);
        world.tuning.retention = Optional.of(TestConfig.retention(Duration.ZERO, CommandProcess.KEPT, Duration.ZERO));
        world.restart();
        boolean begun = replica(world).files().size() < listed;
        PruneReport rest = prune(world);
        world.saw(rest.files().isEmpty() ? "nothing was left" : begun ? "some was left" : "all was left");
        world.expect(
                !done || rest.files().isEmpty(),
                "exit code 0, and " + rest.files().size() + " files were left");
        PruneReport nothing = prune(world);
        world.expect(nothing.files().isEmpty(), "the next prune was not whole after " + what);
        expectWhole(world, history, wanted, "the next prune after " + what);
        world.goesOn();
    }

    private static PruneReport prune(World world) throws Exception {
        return world.service().prunes().prune(world.service().database(), false);
    }

    private static void expectWhole(World world, History history, Set<String> wanted, String after) throws Exception {
        Set<String> offered = OfferedPoints.txids(replica(world));
        world.expect(offered.containsAll(wanted), "wanted " + wanted + ", offered " + offered + " after " + after);
        history.expectPoints(offered, after);
        history.expectPoints(wanted, after);
        history.expectNewestWhole(after);
    }

    /** A mark is there as it was or as it was to be, no other one is touched, and the next command does it. */
    static void mark(World world, Random random, int index) throws Exception {
        marked(world, Optional.empty(), random, index);
    }

    /** The same with a replica in a bucket. */
    static void markWithBucket(World world, Random random, int index) throws Exception {
        marked(world, Optional.of(BucketStore.of(world)), random, index);
    }

    private static void marked(World world, Optional<BucketStore> store, Random random, int index) throws Exception {
        History history = new History(world, "wal", 20 + random.nextInt(100), 4);
        String first = history.points().get(0);
        String second = history.points().get(1);
        PointLabel label = PointLabel.of("a label");
        if (random.nextInt(4) > 0) {
            marks(world).pin(world.service().database(), PointReference.of(first), true);
        }
        marks(world).label(world.service().database(), PointReference.of(first), label);
        PointMarks before = new MarkRecord(replica(world)).read();
        int which = index / 2 % 4;
        PointMarks wanted = switch (which) {
            case 0 -> before.pin(second, true);
            case 1 -> before.pin(first, false);
            case 2 -> before.label(second, PointLabel.of("another"));
            default -> before.unlabel(first, label);
        };
        List<String> command = switch (which) {
            case 0 -> List.of("pin", second);
            case 1 -> List.of("unpin", first);
            case 2 -> List.of("label", second, "another");
            default -> List.of("label", "--remove", first, "a label");
        };
        Path record = world.replica.resolve("litestow/" + (random.nextBoolean() ? "points" : "proofs") + ".json");
        Object was = stamp(record);
        boolean done = killed(world, store, random, index, () -> !stamp(record).equals(was), command);
        String what = command + " that " + (done ? "ended" : "was killed");
        PointMarks now = new MarkRecord(replica(world)).read();
        boolean made = now.all().equals(wanted.all());
        world.expect(
                made || (!done && now.all().equals(before.all())),
                "marks " + now.all() + " after " + what + ", before " + before.all());
        Set<String> pinned = new HashSet<>(before.pinned());
        pinned.retainAll(wanted.pinned());
        world.expect(
                replica(world).pins().containsAll(pinned),
                "pins " + replica(world).pins() + " after " + what);
        history.expectPointsStay(what);
        if (which == 3 && !made) {
            marks(world).unlabel(world.service().database(), PointReference.of(first), label);
        } else if (which == 2) {
            marks(world).label(world.service().database(), PointReference.of(second), PointLabel.of("another"));
        } else if (which < 2) {
            marks(world).pin(world.service().database(), PointReference.of(which == 0 ? second : first), which == 0);
        }
        now = new MarkRecord(replica(world)).read();
        world.expect(now.all().equals(wanted.all()), "marks " + now.all() + " after the next one, after " + what);
        // Said once more of the one that is as it should be, a pin of the record alone is taken off too.
        world.expect(
                (which == 3 && made) || Set.copyOf(replica(world).pins()).equals(wanted.pinned()),
                "pins " + replica(world).pins() + ", wanted " + wanted.pinned() + " after " + what);
        world.tuning.retention = Optional.of(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        world.restart();
        prune(world);
        Set<String> stay = new HashSet<>(wanted.pinned());
        stay.add(history.points().get(3));
        expectWhole(world, history, stay, "a prune after " + what);
        world.goesOn();
    }

    /** Runs a command and ends it at some moment; returns whether it was done by then, and said so. */
    private static boolean killed(
            World world,
            Optional<BucketStore> store,
            Random random,
            int index,
            Callable<Boolean> middle,
            List<String> arguments)
            throws Exception {
        boolean term = index % 2 == 1;
        // What holds the database is not to be in its way.
        world.restart();
        Object untouched = stamp(world.replica.resolve("litestow"));
        int at = random.nextInt(arguments.get(0).equals("prune") ? 2 * REQUESTS : REQUESTS);
        boolean arrives = random.nextBoolean();
        boolean inTheMiddle = random.nextBoolean();
        Duration after = Duration.ofMillis(random.nextInt(400));
        AtomicInteger seen = new AtomicInteger();
        try (CommandProcess command = new CommandProcess(world, arguments)) {
            if (store.isPresent()) {
                store.get().trouble(request -> {
                    if (seen.getAndIncrement() != at) {
                        return Optional.empty();
                    }
                    command.signal(term);
                    return arrives ? Optional.empty() : Optional.of(FaultProxy.reset());
                });
            } else {
                Callable<Boolean> moment = inTheMiddle
                        ? middle
                        : () -> !stamp(world.replica.resolve("litestow")).equals(untouched);
                while (command.alive() && !moment.call()) {
                    Thread.onSpinWait();
                }
                if (!inTheMiddle) {
                    command.await(after);
                }
                command.signal(term);
            }
            int code = command.exitCode();
            store.ifPresent(BucketStore::calm);
            world.saw(arguments.get(0) + " exit code " + code);
            // Told to stop before it asks the engine, it says that it cannot: 7.
            world.expect(
                    term ? Set.of(0, 7, 143).contains(code) : Set.of(0, 137).contains(code),
                    arguments + " ended with " + code + ": " + Files.readString(world.folder.resolve("command.out")));
            return code == 0;
        }
    }

    private static Marks marks(World world) throws Exception {
        return world.service().marks();
    }

    private static Replica replica(World world) throws Exception {
        return world.service().database().replica();
    }

    private static int ltxFiles(Path replica) {
        try {
            return (int) History.files(replica).stream()
                    .filter(file -> file.toString().endsWith(".ltx"))
                    .count();
        } catch (IOException | UncheckedIOException e) {
            // Deleted between two looks, or no folder at all.
            return Integer.MAX_VALUE;
        }
    }

    private static Object stamp(Path path) throws IOException {
        try {
            FileTime time = Files.getLastModifiedTime(path);
            return List.of(time, Files.readAttributes(path, "unix:ino"));
        } catch (java.nio.file.NoSuchFileException e) {
            return "nothing";
        }
    }
}
