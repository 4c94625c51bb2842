package io.github.litestow.faults;

import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.FaultProxy.Fault;
import io.github.litestow.s3.FaultProxy.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** What happens between Litestow and a bucket: connections cut, requests refused, answers lost or changed. */
final class BucketFaults {
    private static final Set<FailureKind> NAMED = Set.of(
            FailureKind.REPLICA_UNREACHABLE,
            FailureKind.THROTTLED,
            FailureKind.TIMEOUT,
            FailureKind.PROOF_FAILED,
            FailureKind.BUSY);
    private static final Duration SHORT = Duration.ofSeconds(5);

    private BucketFaults() {}

    /** The engine's downloads end after any number of bytes, once, sometimes or always: in a restore, a verification, a snapshot. */
    static void cutDownloads(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        AtomicInteger left = new AtomicInteger(List.of(1, 2, 1000).get(index % 3));
        troubled(
                world,
                store,
                random,
                index / 3,
                request ->
                        request.method().equals("GET") && BucketStore.engineFile(request) && left.getAndDecrement() > 0
                                ? Optional.of(FaultProxy.cutAnswerAfter(size -> random.nextInt(Math.max(1, size))))
                                : Optional.empty());
    }

    /** Uploads end after any part of their body. */
    static void cutUploads(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        AtomicInteger left = new AtomicInteger(List.of(1, 2, 1000).get(index % 3));
        History history = history(world, store, random);
        store.proxy.cutsAt(request ->
                request.method().equals("PUT") && BucketStore.engineFile(request) && left.getAndDecrement() > 0
                        ? Optional.of(random.nextInt(101))
                        : Optional.empty());
        if (left.get() > 2) {
            world.tuning.timeout = SHORT;
            world.restart();
        }
        ends(world, store, history, "uploads cut", world.snapshot());
    }

    /** Every request, ours too, is refused or reset by chance, for a burst, or until the end of the run. */
    static void refusedInBursts(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        List<Fault> faults = List.of(
                FaultProxy.error(503, "SlowDown", "Please reduce your request rate."),
                FaultProxy.error(500, "InternalError", "We encountered an internal error."),
                FaultProxy.error(429, "TooManyRequests", "Please reduce your request rate."),
                FaultProxy.reset());
        Fault fault = faults.get(index % faults.size());
        int after = random.nextInt(40);
        int length = List.of(1, 3, 8, 1000).get(index / faults.size() % 4);
        AtomicInteger seen = new AtomicInteger();
        troubled(world, store, random, random.nextInt(3), request -> {
            int number = seen.getAndIncrement();
            return number >= after && number < after + length ? Optional.of(fault) : Optional.empty();
        });
    }

    /** From some request on nothing is answered, with a deadline of a few seconds. */
    static void hanging(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        int after = random.nextInt(30);
        AtomicInteger seen = new AtomicInteger();
        History history = history(world, store, random);
        world.tuning.timeout = SHORT;
        // The call in progress, the record at the replica, the lease: none of them is answered.
        world.tuning.grace = Duration.ofSeconds(20);
        world.restart();
        store.trouble(request -> seen.getAndIncrement() >= after ? Optional.of(FaultProxy.hang()) : Optional.empty());
        ends(world, store, history, "no answer from request " + after + " on", world.snapshot());
    }

    /** The store does what it is asked, and its answer is lost: any request, conditional writes too. */
    static void lostAnswers(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        boolean writes = index % 2 == 0;
        int[] chance = {0};
        int every = 2 + random.nextInt(8);
        troubled(world, store, random, random.nextInt(3), request -> {
            boolean write = Set.of("PUT", "DELETE", "POST").contains(request.method());
            synchronized (chance) {
                return write == writes && random.nextInt(every) == 0
                        ? Optional.of(FaultProxy.loseAnswer())
                        : Optional.empty();
            }
        });
    }

    /** ETags come back weakened, unquoted, changed or from a proxy of its own. */
    static void changedETags(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        List<Function<String, String>> changes = List.of(
                tag -> "W/" + tag,
                tag -> tag.replace("\"", ""),
                tag -> tag.replaceFirst("\"$", "-gzip\""),
                tag -> "\"" + random.nextInt(1_000_000) + "\"");
        Function<String, String> change = changes.get(index % changes.size());
        boolean always = index / changes.size() % 2 == 0;
        int every = 1 + random.nextInt(4);
        AtomicInteger seen = new AtomicInteger();
        Function<Request, Optional<Fault>> rule = request -> always || seen.getAndIncrement() % every == 0
                ? Optional.of(FaultProxy.changingETags(change::apply))
                : Optional.empty();
        if (random.nextBoolean()) {
            // From the first request on, as behind a proxy that was always there.
            store.trouble(rule);
        }
        troubled(world, store, random, random.nextInt(3), rule);
    }

    /** Parts of uploads that were never finished are there, under keys that come next and others. */
    static void unfinishedUploads(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        History history = history(world, store, random);
        for (int upload = 0; upload <= random.nextInt(3); upload++) {
            String txid = String.format("%016x", 1 + random.nextInt(6));
            store.unfinishedUpload(
                    (random.nextBoolean() ? "0000/" + txid : "0009/0000000000000001") + "-" + txid + ".ltx");
        }
        ends(world, store, history, "unfinished uploads", world.snapshot());
    }

    /** An object of the bucket flipped, cut, gone, while the database is there or offloaded. */
    static void damagedObject(World world, Random random, int index) throws Exception {
        BucketStore store = BucketStore.of(world);
        History history = history(world, store, random);
        boolean offloaded = index % 2 == 1;
        if (offloaded) {
            history.remember(world.snapshot());
        } else {
            history.kept();
        }
        List<Path> objects = store.objects();
        Path object = objects.get(index / 2 % objects.size());
        byte[] good = Files.readAllBytes(object);
        String what = object.getFileName().toString();
        Path kept = world.folder.resolve("object");
        if (index / 3 % 3 == 0) {
            Files.move(object, kept);
            what += " gone";
        } else {
            what += index / 3 % 3 == 1
                    ? " cut at " + History.cut(object, random)
                    : " flipped at " + History.flip(object, random);
        }
        Optional<byte[]> bad = Files.exists(object) ? Optional.of(Files.readAllBytes(object)) : Optional.empty();
        world.restart();
        Outcome outcome = offloaded ? world.restore() : world.verify();
        if (outcome instanceof Outcome.Failed failed) {
            world.expect(failed.kind() != FailureKind.INTERNAL, what + ": " + failed);
            world.expect(
                    offloaded ? Files.notExists(world.db()) : world.localRows().equals(history.rows()),
                    "after " + what + ": " + failed);
        } else {
            history.expectNewestWhole(what);
        }
        // What healing put in its place stays; an older point that needs the object has it back, as by versioning.
        if (bad.isEmpty() ? Files.notExists(object) : Arrays.equals(bad.get(), Files.readAllBytes(object))) {
            if (Files.exists(kept)) {
                Files.move(kept, object);
            } else {
                Files.write(object, good);
            }
        }
        if (outcome instanceof Outcome.Failed) {
            outcome = offloaded ? world.restore() : world.verify();
        }
        world.expect(!(outcome instanceof Outcome.Failed), "with the object back, " + what + ": " + outcome);
        world.expect(world.localRows().equals(history.rows()), "every row is there, " + what);
        history.addRow();
        ends(world, store, history, what, world.snapshot());
    }

    private static History history(World world, BucketStore store, Random random) throws Exception {
        // With trouble from the beginning a first snapshot may fail, and is named.
        int points = store.calmNow() ? random.nextInt(2) : 0;
        History history =
                new History(world, WriterFaults.JOURNALS.get(random.nextInt(6)), 100 + random.nextInt(1000), points);
        history.addRow();
        return history;
    }

    /** Trouble during a snapshot, a restore, or a snapshot of a database that is not there any more. */
    private static void troubled(
            World world, BucketStore store, Random random, int during, Function<Request, Optional<Fault>> rule)
            throws Exception {
        History history = history(world, store, random);
        if (during % 3 == 0) {
            store.trouble(rule);
            ends(world, store, history, "trouble in a snapshot", world.snapshot());
            return;
        }
        Outcome first = world.snapshot();
        for (int attempt = 1; attempt < 5 && first instanceof Outcome.Failed; attempt++) {
            first = world.snapshot();
        }
        if (first instanceof Outcome.Failed failed) {
            // Only where trouble is there from the beginning.
            world.expect(NAMED.contains(failed.kind()), "named before: " + failed);
            store.calm();
            world.restart();
            first = world.snapshot();
        }
        world.expectOffloaded(first);
        store.trouble(rule);
        world.restart();
        Outcome outcome = during % 3 == 1 ? world.restore() : world.verify();
        if (outcome instanceof Outcome.Failed failed) {
            world.expect(NAMED.contains(failed.kind()), "named in a restore: " + failed);
            world.expect(Files.notExists(world.db()), "nothing is at the path: " + failed);
        }
        store.calm();
        world.restart();
        Outcome again = world.restore();
        world.expect(
                again instanceof Outcome.Restored || again instanceof Outcome.AlreadyPresent,
                "restored when all is well, after " + outcome + ": " + again);
        world.expect(world.localRows().equals(history.rows()), "every row is back after " + outcome);
        history.addRow();
        ends(world, store, history, "trouble in a restore", world.snapshot());
    }

    /** A snapshot in trouble ended so: with all rows proven, or named and all rows there; then all is well. */
    private static void ends(World world, BucketStore store, History history, String what, Outcome outcome)
            throws Exception {
        store.calm();
        if (outcome instanceof Outcome.Failed failed) {
            world.expect(NAMED.contains(failed.kind()), "named in a snapshot, " + what + ": " + failed);
            world.expect(world.localRows().equals(history.rows()), "every row is still there, " + what + ": " + failed);
        } else {
            history.expectNewestWhole(what);
        }
        world.tuning.timeout = Duration.ofMinutes(1);
        world.restart();
        Outcome next = outcome instanceof Outcome.Offloaded ? world.restore() : world.snapshot();
        world.expect(!(next instanceof Outcome.Failed), "when all is well, " + what + ": " + next);
        history.expectNewestWhole(what);
        history.expectPointsStay(what);
        world.goesOn();
    }
}
