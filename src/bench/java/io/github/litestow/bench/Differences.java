package io.github.litestow.bench;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.engine.EngineState;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.s3.S3Server;
import io.github.litestow.s3.VersityServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** {@code bench/difference}: offload cycles with 1 % of the rows changed, beside the tools themselves. */
final class Differences {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int PAGE = 4096;

    private final Path temp;
    private final int megabytes;
    private final int rounds;
    private final Optional<S3Server> server;
    private final Host host;
    private final List<Double> uploaded = new ArrayList<>();
    private final List<Double> compressed = new ArrayList<>();
    private final List<Double> backup = new ArrayList<>();
    private final List<Double> confirmed = new ArrayList<>();
    private final List<Double> offloaded = new ArrayList<>();
    private final List<Double> bareRestore = new ArrayList<>();
    private final List<Double> ownRestore = new ArrayList<>();
    private final List<Double> engineOnce = new ArrayList<>();
    private final List<Double> unchanged = new ArrayList<>();
    private final List<Double> sealed = new ArrayList<>();
    private final StepTimes steps = StepTimes.listening();
    private final StepTimes stepsUnchanged = StepTimes.listening();
    private long begun;
    private double restoreBegan;
    private double restoreEnded;
    private double mostRead;
    private int mostFiles;

    private Differences(Path temp, int megabytes, int rounds, Optional<S3Server> server) {
        this.temp = temp;
        this.megabytes = megabytes;
        this.rounds = rounds;
        this.server = server;
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.timeout", PATIENCE);
        // A busy machine must not lose it in the middle.
        host.with("leaseTime", Duration.ofMinutes(1));
        server.ifPresent(s3 -> host.inBucket(s3.endpoint()));
        host.engine().beforeRestore(() -> restoreBegan = seconds());
        host.engine().afterRestore(output -> restoreEnded = seconds());
    }

    /** Arguments: megabytes of the database (100), rounds (5), {@code s3} for a versitygw on loopback. */
    public static void main(String... arguments) throws Exception {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path temp = Files.createTempDirectory("litestow-difference");
        Optional<S3Server> server = arguments.length > 2
                ? Optional.of(VersityServer.start(Files.createDirectory(temp.resolve("s3"))))
                : Optional.empty();
        try {
            new Differences(temp, megabytes, rounds, server).print();
        } finally {
            if (server.isPresent()) {
                server.get().close();
            }
            Host.delete(temp);
        }
        System.exit(0);
    }

    private double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    private void print() throws Exception {
        host.file()
                .execute(
                        "PRAGMA journal_mode=WAL",
                        "CREATE TABLE row (id INTEGER PRIMARY KEY, noise BLOB, text TEXT)",
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + megabytes * 128
                                + ") INSERT INTO row SELECT i, randomblob(3900), hex(zeroblob(1950)) FROM n");
        begun = System.nanoTime();
        host.offload();
        host.restore();
        long whole = files().stream().mapToLong(ReplicaFile::bytes).max().orElseThrow();
        for (int round = 0; round < rounds; round++) {
            changed(round);
            readByRestore((double) whole);
            restored();
            nothingChanged();
        }
        System.out.printf(
                Locale.ROOT,
                "%d MB, %.1f MB compressed by the engine, medians of %d%n",
                megabytes,
                whole / 1e6,
                rounds);
        row("uploaded per offload cycle, MB", uploaded, compressed, "changed pages, compressed");
        row("uploaded per offload cycle, MB", uploaded, backup, "`.backup` + zstd");
        row("trigger to confirmed, s", confirmed, engineOnce, "`litestream replicate -once` alone");
        row("trigger to proven and deleted, s", offloaded, bareRestore, "`litestream restore -integrity-check full`");
        row("of that the engine's restore, s", ownRestore, bareRestore, "the same");
        row("unchanged, offloaded, s", unchanged, bareRestore, "the same");
        System.out.printf(Locale.ROOT, "sealed, s: %.3f%n", median(sealed));
        System.out.printf(
                Locale.ROOT,
                "a restore reads at most %.2f × of the compressed database, %d files%n",
                mostRead,
                mostFiles);
        System.out.println("steps of a change, s:" + steps.profile());
        System.out.println("steps of no change, s:" + stepsUnchanged.profile());
    }

    private static void row(String what, List<Double> ours, List<Double> theirs, String whose) {
        System.out.printf(
                Locale.ROOT,
                "%s: %.3f beside %.3f (%s): %.2f ×  %s%n",
                what,
                median(ours),
                median(theirs),
                whose,
                median(ours) / median(theirs),
                ours.stream()
                        .map(one -> String.format(Locale.ROOT, "%.3f", one))
                        .toList());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private void changed(int round) throws Exception {
        Path before = temp.resolve("before.db");
        Files.copy(host.settings().database(), before, StandardCopyOption.REPLACE_EXISTING);
        host.file().execute("UPDATE row SET noise = randomblob(3900) WHERE id % 100 = " + round);
        Path after = temp.resolve("after.db");
        Files.copy(host.settings().database(), after, StandardCopyOption.REPLACE_EXISTING);
        alone(after);
        backup.add(zstd(after) / 1e6);
        compressed.add(changedPages(before, after) / 1e6);
        steps.begin();
        begun = System.nanoTime();
        host.offload();
        offloaded.add(seconds());
        steps.end();
        confirmed.add(restoreBegan);
        ownRestore.add(restoreEnded - restoreBegan);
        uploaded.add(host.lastRun().statistics().uploadedBytes().orElseThrow() / 1e6);
        sealed.add(host.lastRun().statistics().sealSeconds().orElseThrow());
    }

    private void restored() throws Exception {
        Path output = temp.resolve("restored.db");
        String head = files().stream()
                .map(ReplicaFile::maxTxid)
                .max(String::compareTo)
                .orElseThrow();
        double asked = seconds();
        host.engine().restore(host.settings(), Optional.of(head), output, PATIENCE, new Cancellation());
        bareRestore.add(seconds() - asked);
        Files.delete(output);
        host.restore();
    }

    private void readByRestore(double whole) throws Failure {
        String head = host.database().replica().head().orElseThrow();
        List<ReplicaFile> plan = host.engine().plan(host.settings(), head, PATIENCE, new Cancellation());
        mostRead =
                Math.max(mostRead, plan.stream().mapToLong(ReplicaFile::bytes).sum() / whole);
        mostFiles = Math.max(mostFiles, plan.size());
    }

    private void nothingChanged() {
        stepsUnchanged.begin();
        begun = System.nanoTime();
        host.offload();
        unchanged.add(seconds());
        stepsUnchanged.end();
        if (host.lastRun().statistics().uploadedBytes().orElseThrow() != 0) {
            throw new IllegalStateException("uploaded although nothing changed");
        }
        host.restore();
    }

    private List<ReplicaFile> files() throws Failure {
        return host.database().replica().files();
    }

    /** What the engine takes for the same database, at a replica of its own that is as far away. */
    private void alone(Path database) throws Exception {
        Path folder = Files.createDirectories(temp.resolve("alone"));
        Host alone = new Host(folder, temp.resolve("alone-replica"));
        server.ifPresent(s3 -> alone.inBucket(s3.endpoint(), "alone" + engineOnce.size()));
        ConfiguredDatabase settings = alone.settings();
        Files.copy(database, settings.database(), StandardCopyOption.REPLACE_EXISTING);
        long start = System.nanoTime();
        alone.engine().replicateOnce(settings, PATIENCE, new Cancellation());
        engineOnce.add((System.nanoTime() - start) / 1e9);
        EngineState.drop(settings.engineFolder());
        alone.stop();
        Host.delete(folder);
        Host.delete(temp.resolve("alone-replica"));
    }

    private static long changedPages(Path before, Path after) throws IOException {
        LZ4Compressor lz4 = LZ4Factory.safeInstance().fastCompressor();
        long bytes = 0;
        try (InputStream one = Files.newInputStream(before);
                InputStream other = Files.newInputStream(after)) {
            for (byte[] page = other.readNBytes(PAGE); page.length == PAGE; page = other.readNBytes(PAGE)) {
                if (!Arrays.equals(page, one.readNBytes(PAGE))) {
                    bytes += lz4.compress(page).length;
                }
            }
        }
        return bytes;
    }

    private static long zstd(Path database) throws Exception {
        Process process = new ProcessBuilder("zstd", "-3", "-q", "-c", database.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            return out.transferTo(OutputStream.nullOutputStream());
        }
    }
}
