package io.github.litestow.bench;

import io.github.litestow.application.Application;
import io.github.litestow.application.Application.Pauses;
import io.github.litestow.application.Application.Style;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.s3.FaultProxy;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** {@code bench/writers}: what an application waits that opens the database for each row, over a slow link. */
final class Writers {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int ROWS_BETWEEN = 500;
    private static final int LOOP = 10_000_000;

    private final Host host;
    private final Application application = new Application();
    private int loops;

    private Writers(Host host) {
        this.host = host;
    }

    /** Arguments: megabytes of the database (150), megabytes a second of the link (10), runs after the first (10). */
    public static void main(String... arguments) throws IOException {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 150;
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int runs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        Path temp = Files.createTempDirectory("litestow-writers");
        AtomicInteger transfers = new AtomicInteger();
        FaultProxy.Fault slowly = FaultProxy.slowly(() -> rate * 1_000_000 / Math.max(1, transfers.get()));
        try (S3Server server = VersityServer.start(Files.createDirectory(temp.resolve("store")));
                FaultProxy link = new FaultProxy(
                                server.endpoint(),
                                request -> Optional.of((proxy, asked, client) -> {
                                    transfers.incrementAndGet();
                                    try {
                                        slowly.play(proxy, asked, client);
                                    } finally {
                                        transfers.decrementAndGet();
                                    }
                                }))
                        .start()) {
            Host host = new Host(temp.resolve("host"), temp.resolve("unused"));
            host.inBucket(link.endpoint());
            host.with("snapshot.timeout", TIMEOUT);
            host.with("snapshot.deleteLocal", false);
            host.with("leaseTime", Duration.ofMinutes(1));
            host.file()
                    .execute(
                            "PRAGMA journal_mode=WAL",
                            "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)",
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                                    + megabytes * 125 + ") INSERT INTO t SELECT i, randomblob(7900) FROM n");
            new Writers(host).print(megabytes, rate, runs);
            host.stop();
        } finally {
            Host.delete(temp);
        }
        System.exit(0);
    }

    private void print(int megabytes, int rate, int runs) {
        System.out.printf("%d MB, a link of %d MB/s, a connection for each row%n%n", megabytes, rate);
        System.out.println("| | runs | s | rows meanwhile | longest wait, s | at the replica, MB |");
        System.out.println("|---|---|---|---|---|---|");
        row("nothing: the application alone", 1, () -> {
            application.awaitRows(ROWS_BETWEEN);
            return "";
        });
        row("first snapshot, with its proof", 1, () -> words(host.snapshot()));
        row("snapshots, " + ROWS_BETWEEN + " rows between them", runs, () -> {
            application.awaitRows(ROWS_BETWEEN);
            return words(host.snapshot());
        });
        row("`verify`", 1, () -> words(host.verify()));
        application.close();
    }

    private static String words(Outcome outcome) {
        return outcome.words();
    }

    private void row(String what, int times, Supplier<String> work) {
        loops++;
        application.loop(host.file().file(), loops * LOOP, Style.CLOSED, Pauses.STEADY, "", loops);
        application.awaitRows(1);
        Instant begun = Instant.now();
        for (int time = 0; time < times; time++) {
            System.err.println(what + ": " + work.get());
        }
        Duration took = Duration.between(begun, Instant.now());
        NavigableMap<Integer, Instant> rows = application.stop();
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f | %d | %.2f | %.0f |%n",
                what,
                times,
                took.toMillis() / 1000.0,
                rows.size(),
                longest(rows).toMillis() / 1000.0,
                host.database().replica().statistics().bytes().orElse(0L) / 1e6);
    }

    private static Duration longest(NavigableMap<Integer, Instant> rows) {
        Duration longest = Duration.ZERO;
        Instant before = rows.firstEntry().getValue();
        for (Instant at : rows.values()) {
            Duration wait = Duration.between(before, at);
            longest = wait.compareTo(longest) > 0 ? wait : longest;
            before = at;
        }
        return longest;
    }
}
