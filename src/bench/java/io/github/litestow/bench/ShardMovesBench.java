package io.github.litestow.bench;

import io.github.litestow.control.DaemonThreads;
import io.github.litestow.host.Host;
import io.github.litestow.host.ShardHost;
import io.github.litestow.outcome.Failure;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** {@code bench/shards}: databases that move between services, and services that are lost. */
final class ShardMovesBench {
    private static final int SERVICES = 8;
    private static final int AT_ONCE = 20;
    private static final int LOST_AT_ONCE = 5;
    private static final String LEASE_TIME = "PT6S";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path temp;
    private final Random random;
    private final ShardHost[] hosts = new ShardHost[SERVICES];
    private final List<ShardHost> everybody = new CopyOnWriteArrayList<>();
    private final DaemonThreads threads = new DaemonThreads("services", SERVICES + 1);
    private final Map<String, Integer> where = new ConcurrentSkipListMap<>();
    /** How many rows are known to be at the replica. */
    private final Map<String, Long> confirmed = new TreeMap<>();

    private final AtomicLong looks = new AtomicLong();
    private final AtomicLong twice = new AtomicLong();
    private final List<Long> moveMillis = new ArrayList<>();
    private final List<Long> lossMillis = new ArrayList<>();
    private long lostRows;
    private long unconfirmedRows;
    private int folders;
    private long end;
    private volatile boolean ended;

    private ShardMovesBench(Path temp, long seed) {
        this.temp = temp;
        this.random = new Random(seed);
    }

    /**
     * Arguments: moves (200), lost services (50), databases (48), seed (1), minutes after which nothing more begins
     * (30). Ends with 1 when a promise was broken.
     */
    public static void main(String... arguments) throws IOException, Failure {
        int moves = argument(arguments, 0, 200);
        int losses = argument(arguments, 1, 50);
        int databases = argument(arguments, 2, 48);
        Path temp = Files.createTempDirectory("litestow-shards");
        boolean kept;
        try {
            ShardMovesBench bench = new ShardMovesBench(temp, argument(arguments, 3, 1));
            bench.end = System.nanoTime()
                    + Duration.ofMinutes(argument(arguments, 4, 30)).toNanos();
            kept = bench.run(moves, losses, databases);
        } finally {
            Host.delete(temp);
        }
        System.exit(kept ? 0 : 1);
    }

    private static int argument(String[] given, int index, int otherwise) {
        return given.length > index ? Integer.parseInt(given[index]) : otherwise;
    }

    private boolean run(int moves, int losses, int databases) throws Failure {
        long begun = System.nanoTime();
        for (int shard = 0; shard < SERVICES; shard++) {
            serve(shard);
        }
        threads.execute(this::watch);
        for (int number = 0; number < databases; number++) {
            String name = "tenant-" + number;
            int shard = hosts[0].shardOf(name);
            where.put(name, shard);
            TestDatabase.at(hosts[shard].file(name)).withRows("WAL", 50);
            confirm(name);
        }
        while ((moveMillis.size() < moves || lossMillis.size() < losses) && System.nanoTime() < end) {
            // In turn, so that what was moved is lost, too.
            if (moveMillis.size() * losses <= lossMillis.size() * moves) {
                move(Math.min(AT_ONCE, moves - moveMillis.size()));
            } else {
                lose(Math.min(LOST_AT_ONCE, losses - lossMillis.size()));
            }
        }
        ended = true;
        System.out.printf(
                "%d moves: median %.1f s, longest %.1f s, %d at a time, each with rows that were not confirmed before.%n",
                moveMillis.size(), median(moveMillis), longest(moveMillis), AT_ONCE);
        System.out.printf(
                "%d lost services: all databases of each back after median %.1f s, longest %.1f s (lease time %s);"
                        + " %d rows that were not confirmed went with them.%n",
                lossMillis.size(), median(lossMillis), longest(lossMillis), LEASE_TIME, unconfirmedRows);
        System.out.printf(
                "%d confirmed rows lost, two owners in %d of %d looks, %d databases, %d s.%n",
                lostRows,
                twice.get(),
                looks.get(),
                databases,
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        return lostRows == 0 && twice.get() == 0;
    }

    private void serve(int shard) throws Failure {
        folders++;
        ShardHost host = new ShardHost(
                temp.resolve("host-" + folders), temp.resolve("replicas"), shard + "/" + SERVICES, LEASE_TIME);
        host.start();
        hosts[shard] = host;
        everybody.add(host);
        threads.execute(() -> looking(shard, host));
    }

    private void looking(int shard, ShardHost host) {
        while (!ended && hosts[shard] == host) {
            try {
                host.look();
            } catch (Failure e) {
                System.err.println("a look failed: " + e.getMessage());
            }
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }

    /** Those that were lost are asked, too: as if they were frozen, and looked at their clocks. */
    private void watch() {
        while (!ended) {
            for (String name : List.copyOf(where.keySet())) {
                List<ShardHost> owners =
                        everybody.stream().filter(host -> host.owns(name)).toList();
                looks.incrementAndGet();
                // Asked one after another; only who owned it before and after the other did so at the same time.
                if (owners.size() > 1 && owners.get(0).owns(name)) {
                    twice.incrementAndGet();
                    System.err.println("two owners of " + name);
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private void confirm(String name) {
        ShardHost host = hosts[where.get(name)];
        long rows = TestDatabase.at(host.file(name)).rows();
        if (host.snapshot(name).agreed()) {
            confirmed.put(name, rows);
        }
    }

    private void move(int many) throws Failure {
        Map<String, Integer> to = new TreeMap<>();
        Map<String, Long> rows = new TreeMap<>();
        List<String> names = new ArrayList<>(where.keySet());
        Collections.shuffle(names, random);
        for (String name : names.subList(0, Math.min(many, names.size()))) {
            TestDatabase file = TestDatabase.at(hosts[where.get(name)].file(name));
            file.addRow();
            rows.put(name, file.rows());
            to.put(name, (where.get(name) + 1 + random.nextInt(SERVICES - 1)) % SERVICES);
        }
        long begun = System.nanoTime();
        for (Map.Entry<String, Integer> move : to.entrySet()) {
            hosts[0].move(move.getKey(), move.getValue());
        }
        for (Map.Entry<String, Integer> move : to.entrySet()) {
            String name = move.getKey();
            ShardHost host = hosts[move.getValue()];
            await(name, () -> host.has(name));
            moveMillis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
            where.put(name, move.getValue());
            lostRows += Math.max(
                    0, rows.get(name) - TestDatabase.at(host.file(name)).rows());
            confirmed.put(name, rows.get(name));
        }
        System.err.println(moveMillis.size() + " moves");
    }

    private void lose(int many) throws Failure {
        List<Integer> shards = new ArrayList<>();
        for (int shard = 0; shard < SERVICES; shard++) {
            shards.add(shard);
        }
        Collections.shuffle(shards, random);
        Map<String, Long> there = new TreeMap<>();
        for (String name : where.keySet()) {
            TestDatabase file = TestDatabase.at(hosts[where.get(name)].file(name));
            if (shards.subList(0, many).contains(where.get(name))) {
                file.addRow();
                confirm(name);
                file.addRow();
                there.put(name, file.rows());
            }
        }
        long begun = System.nanoTime();
        for (int shard : shards.subList(0, many)) {
            ShardHost lost = hosts[shard];
            hosts[shard] = null;
            lost.kill();
        }
        for (int shard : shards.subList(0, many)) {
            serve(shard);
        }
        for (int shard : shards.subList(0, many)) {
            for (String name : there.keySet()) {
                if (where.get(name) == shard) {
                    await(name, () -> hosts[shard].has(name));
                    long back = TestDatabase.at(hosts[shard].file(name)).rows();
                    lostRows += Math.max(0, confirmed.get(name) - back);
                    unconfirmedRows += there.get(name) - back;
                }
            }
            lossMillis.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
        System.err.println(lossMillis.size() + " lost");
    }

    private interface Seen {
        boolean now();
    }

    private static void await(String name, Seen seen) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!seen.now()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(name + " did not come within " + PATIENCE);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static double median(List<Long> millis) {
        return millis.isEmpty() ? 0 : millis.stream().sorted().toList().get(millis.size() / 2) / 1000.0;
    }

    private static double longest(List<Long> millis) {
        return millis.stream().mapToLong(Long::longValue).max().orElse(0) / 1000.0;
    }
}
