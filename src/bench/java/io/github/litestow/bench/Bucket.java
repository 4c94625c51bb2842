package io.github.litestow.bench;

import io.github.litestow.LitestowConfig.Retention;
import io.github.litestow.config.TestConfig;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.s3.S3ProxyServer;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code bench/bucket}: objects and bytes in a bucket over many offload-and-restore cycles. */
final class Bucket {
    private static final Retention RETENTION = TestConfig.retention(Duration.ZERO, 3, Duration.ZERO);
    private static final int STATE_RUNS = 200;

    /** Random content of one length compresses to a few bytes more or less. */
    private static final double NOISE = 1.001;

    private Bucket() {}

    /** Argument: cycles (50). Ends with 1 when the bucket grew or a kept point does not restore. */
    public static void main(String... arguments) throws IOException, Failure {
        int cycles = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        Path temp = Files.createTempDirectory("litestow-bucket");
        boolean bounded = true;
        try {
            System.out.println(
                    "| server | cycles | objects, bytes at most in cycles 11 to 30 | in cycles 31 to the last |"
                            + " points kept | restored equal |");
            System.out.println("|---|---|---|---|---|---|");
            try (S3Server s3proxy = S3ProxyServer.start()) {
                bounded &= cycles("s3proxy 4.1.0", s3proxy, temp.resolve("s3proxy"), cycles);
            }
            Path versity = Files.createDirectories(temp.resolve("versitygw"));
            try (S3Server versitygw = VersityServer.start(versity)) {
                bounded &= cycles("versitygw 1.8.0", versitygw, versity, cycles);
            }
            state(temp.resolve("state"));
        } finally {
            Host.delete(temp);
        }
        System.exit(bounded ? 0 : 1);
    }

    private static boolean cycles(String name, S3Server server, Path temp, int cycles) throws Failure {
        Host host = new Host(temp.resolve("host"), temp.resolve("unused"));
        host.with(RETENTION);
        host.inBucket(server.endpoint());
        host.file().withRows("WAL", 2_000);
        Map<String, String> contents = new HashMap<>();
        List<Long> objects = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        for (int cycle = 1; cycle <= cycles; cycle++) {
            host.file().execute("UPDATE t SET note = hex(randomblob(50)) WHERE id % 20 = " + cycle % 20);
            String content = host.file().content();
            contents.put(host.offload().point().txid(), content);
            List<ReplicaFile> files = host.database().replica().files();
            objects.add((long) files.size());
            bytes.add(files.stream().mapToLong(ReplicaFile::bytes).sum());
            host.restore();
        }
        List<RestorePoint> points = host.database().replica().points();
        int equal = 0;
        for (RestorePoint point : points) {
            Path file = temp.resolve(point.txid() + ".db");
            Outcome outcome = host.restore(new RestoreRequest(
                    "bench",
                    new RestoreRequest.Point(Optional.of(point.txid()), Optional.empty()),
                    new RestoreRequest.Target(Optional.of(file), false, false),
                    false,
                    false));
            boolean same = outcome instanceof Outcome.Restored
                    && TestDatabase.at(file).content().equals(contents.get(point.txid()));
            equal += same ? 1 : 0;
        }
        System.out.printf(
                "| %s | %d | %d, %,d | %d, %,d | %d | %d |%n",
                name,
                cycles,
                most(objects, 10, 30),
                most(bytes, 10, 30),
                most(objects, 30, cycles),
                most(bytes, 30, cycles),
                points.size(),
                equal);
        return most(objects, 30, cycles) <= most(objects, 10, 30)
                && most(bytes, 30, cycles) <= most(bytes, 10, 30) * NOISE
                && equal == points.size();
    }

    /** What the engine keeps beside a database that stays. */
    private static void state(Path temp) throws IOException {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.file().withRows("WAL", 2_000);
        System.out.printf("%n| runs | files the engine keeps beside a kept database | bytes |%n|---|---|---|%n");
        for (int run = 1; run <= STATE_RUNS; run++) {
            host.file().execute("UPDATE t SET note = hex(randomblob(50)) WHERE id % 20 = " + run % 20);
            host.keep();
            if (run == 1 || run % 50 == 0) {
                try (var files = Files.walk(host.settings().engineFolder())) {
                    List<Path> all = files.filter(Files::isRegularFile).toList();
                    long bytes = all.stream()
                            .mapToLong(file -> file.toFile().length())
                            .sum();
                    System.out.printf("| %d | %d | %,d |%n", run, all.size(), bytes);
                }
            }
        }
    }

    private static long most(List<Long> values, int from, int to) {
        return values.subList(Math.min(from, values.size()), Math.min(to, values.size())).stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }
}
