package io.github.litestow.bench;

import io.github.litestow.control.Cancellation;
import io.github.litestow.control.Deadline;
import io.github.litestow.control.WorkLimit;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.points.PointReference;
import io.github.litestow.run.compare.Look;
import io.github.litestow.run.compare.PointDiff;
import io.github.litestow.sqlite.DatabaseComparison;
import io.github.litestow.sqlite.FullComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code bench/diff}: what it costs to compare two states that hardly differ, beside reading both in full. */
final class Diffs {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private Diffs() {}

    /** Arguments: megabytes of the database (1000), rows that change (20). */
    public static void main(String... arguments) throws Exception {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        Path temp = Files.createTempDirectory("litestow-diff");
        try {
            run(temp, megabytes, rows);
        } finally {
            Host.delete(temp);
        }
        System.exit(0);
    }

    private static void run(Path temp, int megabytes, int rows) throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(2));
        host.with("snapshot.timeout", PATIENCE);
        host.with("snapshot.deleteLocal", false);
        long count = megabytes * 2_000L;
        host.file()
                .execute(
                        "PRAGMA journal_mode=WAL",
                        "CREATE TABLE one (id INTEGER PRIMARY KEY, noise BLOB, text TEXT)",
                        "CREATE TABLE two (id INTEGER PRIMARY KEY, noise BLOB, text TEXT)",
                        filled("one", count / 2),
                        filled("two", count / 2));
        String first = host.keep().restorePoint().orElseThrow().txid();
        host.file()
                .execute(
                        "UPDATE one SET text = 'new' WHERE id % " + count / 2 / rows + " = 0",
                        "DELETE FROM one WHERE id = 77",
                        "INSERT INTO one (text) VALUES ('came')");
        String second = host.keep().restorePoint().orElseThrow().txid();
        List<ReplicaFile> files = host.database().replica().files();
        long toFirst = host.database().replica().contents(files).bytesToRead(first);
        long toSecond = host.database().replica().contents(files).bytesToRead(second);
        long between = files.stream()
                .filter(file -> file.level() != 9 && file.maxTxid().compareTo(first) > 0)
                .mapToLong(ReplicaFile::bytes)
                .sum();

        long began = System.nanoTime();
        PointDiff quick = host.looks()
                .diff(host.database(), PointReference.of(first), PointReference.of(second), Optional.empty());
        said("diff", began, toFirst + Math.min(between, toSecond));

        long full = System.nanoTime();
        WorkLimit limit = new WorkLimit(new Deadline(System::nanoTime, PATIENCE), new Cancellation(), Duration.ZERO);
        try (Look look = host.looks().at(host.database())) {
            Path one = look.restored(host.looks().meant(host.database(), PointReference.of(first)));
            Path other = look.restored(host.looks().meant(host.database(), PointReference.of(second)));
            said("both restored, for it", full, toFirst + toSecond);
            long quickly = System.nanoTime();
            DatabaseComparison.of(one, other, Optional.empty(), limit);
            said("pages, then rows compared", quickly, 0);
            long compared = System.nanoTime();
            boolean same = FullComparison.of(one, other, limit).equals(quick.diff());
            said("every row compared", compared, 0);
            System.out.println(same ? "both say the same" : "THEY DIFFER");
        }
        quick.lines().forEach(System.out::println);
    }

    private static String filled(String table, long rows) {
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows + ") INSERT INTO "
                + table + " SELECT i, randomblob(220), hex(zeroblob(120)) FROM n";
    }

    private static void said(String what, long began, long bytes) {
        System.out.printf(
                Locale.ROOT,
                "%-26s %7.1f s, %,d bytes read from the replica%n",
                what,
                (System.nanoTime() - began) / 1e9,
                bytes);
    }
}
