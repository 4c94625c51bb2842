package io.github.litestow.bench;

import com.sun.management.OperatingSystemMXBean;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.outcome.Failure;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import io.github.litestow.store.StoredObject;
import io.github.litestow.store.s3.S3Connection;
import io.github.litestow.store.s3.S3Store;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** {@code bench/calls}: what small requests to a store on loopback take, and how much of that is this process. */
final class StoreCalls {
    private static final String KEY = "litestow/bench.json";
    private static final int[] UP_TO = {20, 50, 100, 200, 400, 800, 1600};

    private final S3Store store;
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private StoreCalls(S3Server server) {
        store = new S3Store(
                new ReplicaUrl("s3://" + S3Server.BUCKET + "/calls", "s3"),
                new S3Connection(S3Server.settings(server.endpoint()), Map.of()));
    }

    public static void main(String... arguments) throws Exception {
        Path temp = Files.createTempDirectory("litestow-calls");
        try (S3Server server = VersityServer.start(temp)) {
            new StoreCalls(server).print();
        }
        System.exit(0);
    }

    private interface Call {
        void ask() throws Failure;
    }

    private void print() throws Failure {
        store.create(KEY, body(0));
        System.out.println("requests until then: wall and CPU of this process for each, ms");
        int done = 0;
        for (int upTo : UP_TO) {
            int rounds = upTo - done;
            System.out.printf(Locale.ROOT, "%5d:", upTo * 4);
            measure("GET", rounds, () -> store.read(KEY));
            measure("GET and PUT", rounds, this::replace);
            measure("LIST", rounds, store::ltxFiles);
            System.out.println();
            done = upTo;
        }
    }

    private void replace() throws Failure {
        StoredObject there = store.read(KEY).orElseThrow();
        store.replace(KEY, body(System.nanoTime()), there.version());
    }

    private void measure(String what, int times, Call call) throws Failure {
        long wall = System.nanoTime();
        long cpu = process.getProcessCpuTime();
        for (int i = 0; i < times; i++) {
            call.ask();
        }
        System.out.printf(
                Locale.ROOT,
                "   %s %.2f (%.2f)",
                what,
                (System.nanoTime() - wall) / 1e6 / times,
                (process.getProcessCpuTime() - cpu) / 1e6 / times);
    }

    private static byte[] body(long number) {
        return ("{\"number\":" + number + ",\"text\":\"" + "x".repeat(160) + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
