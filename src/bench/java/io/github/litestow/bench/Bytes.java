package io.github.litestow.bench;

import io.github.litestow.application.Application;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.control.Cancellation;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code bench/bytes}: what a run uploads and a restore reads, beside the engine alone. */
final class Bytes {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String CHANGED = "UPDATE row SET noise = randomblob(3900) WHERE id % ";

    private final Path temp;
    private final int megabytes;
    private final int runs;
    private int hosts;
    private double compressed;

    private Bytes(Path temp, int megabytes, int runs) {
        this.temp = temp;
        this.megabytes = megabytes;
        this.runs = runs;
    }

    /** Arguments: megabytes of the database (50), runs of each kind (10). */
    public static void main(String... arguments) throws IOException, Failure {
        int megabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        Path temp = Files.createTempDirectory("litestow-bytes");
        try {
            new Bytes(temp, megabytes, runs).print();
        } finally {
            Host.delete(temp);
        }
        System.exit(0);
    }

    private void print() throws Failure {
        System.out.printf(
                "%d MB, half of it compressible, 1 %% changed between runs, %d runs of each%n%n", megabytes, runs);
        System.out.println(
                "| what | uploaded per run, MB | of the compressed database | a restore reads at most | s | sealed, s |");
        System.out.println("|---|---|---|---|---|---|");
        offloading("offload cycle, Litestow", Host::offload, Host::restore);
        offloading("offload cycle, `replicate -once` alone", host -> alone(host, false), this::restoreAlone);
        offloading(
                "offload cycle, `replicate -once -force-snapshot` alone",
                host -> alone(host, true),
                this::restoreAlone);
        for (Habit habit : Habit.values()) {
            staying("kept, " + habit.words + ", Litestow", habit, host -> {}, Host::snapshot);
            staying("kept, " + habit.words + ", Litestow's commands", habit, Host::asCommands, Host::snapshot);
            staying(
                    "kept, " + habit.words + ", `replicate -once` alone",
                    habit,
                    host -> {},
                    host -> alone(host, false));
        }
    }

    /** What the application does with its connection while the database stays. */
    private enum Habit {
        CLOSES("application closes its connection"),
        HOLDS("application keeps its connection"),
        STARTS_OVER("application checkpoints now and then");

        private final String words;

        Habit(String words) {
            this.words = words;
        }
    }

    private interface Work {
        void on(Host host) throws Failure;
    }

    private Host host(boolean deleteLocal) {
        int number = hosts++;
        Host host = new Host(temp.resolve("host" + number), temp.resolve("replica" + number));
        host.with("snapshot.timeout", PATIENCE);
        host.with("snapshot.deleteLocal", deleteLocal);
        host.file()
                .execute(
                        "PRAGMA journal_mode=WAL",
                        "CREATE TABLE row (id INTEGER PRIMARY KEY, noise BLOB, text TEXT)",
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + megabytes * 128
                                + ") INSERT INTO row SELECT i, randomblob(3900), hex(zeroblob(1950)) FROM n");
        return host;
    }

    private void offloading(String what, Work upload, Work restore) throws Failure {
        Host host = host(true);
        upload.on(host);
        long first = total(host);
        compressed = compressed == 0 ? first : compressed;
        long most = 0;
        for (int run = 0; run < runs; run++) {
            restore.on(host);
            host.file().execute(CHANGED + "100 = " + run);
            upload.on(host);
            most = Math.max(most, restoreReads(host));
        }
        row(what, total(host) - first, most, List.of(), List.of());
        Host.delete(host.settings().database().getParent());
    }

    private void staying(String what, Habit habit, Work first, Work upload) throws Failure {
        Host host = host(false);
        first.on(host);
        List<Double> seconds = new ArrayList<>();
        List<Double> sealed = new ArrayList<>();
        long uploaded = 0;
        long most = 0;
        try (Application application = new Application()) {
            upload.on(host);
            for (int run = 0; run < runs; run++) {
                Set<ReplicaFile> before =
                        new HashSet<>(host.database().replica().files());
                if (run == 0 || habit == Habit.CLOSES) {
                    application.open(host.settings().database());
                }
                if (habit == Habit.STARTS_OVER) {
                    application.sql("PRAGMA wal_autocheckpoint=10");
                }
                for (int part = 0; part < 10; part++) {
                    application.sql(CHANGED + "1000 = " + (10 * run + part));
                }
                if (habit == Habit.CLOSES) {
                    application.closeConnection();
                }
                long begun = System.nanoTime();
                upload.on(host);
                seconds.add((System.nanoTime() - begun) / 1e9);
                host.lastSealSeconds().ifPresent(sealed::add);
                uploaded += host.database().replica().files().stream()
                        .filter(file -> !before.contains(file))
                        .mapToLong(ReplicaFile::bytes)
                        .sum();
                most = Math.max(most, restoreReads(host));
            }
        }
        host.stop();
        row(what, uploaded, most, seconds, sealed);
        Host.delete(host.settings().database().getParent());
    }

    private void row(String what, long uploaded, long read, List<Double> seconds, List<Double> sealed) {
        double perRun = 1.0 * uploaded / runs;
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.3f × | %.2f × | %s | %s |%n",
                what,
                perRun / 1_000_000,
                perRun / compressed,
                read / compressed,
                median(seconds),
                median(sealed));
    }

    private static String median(List<Double> seconds) {
        return seconds.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f", Differences.median(seconds));
    }

    private static long total(Host host) throws Failure {
        return host.database().replica().files().stream()
                .mapToLong(ReplicaFile::bytes)
                .sum();
    }

    private static long restoreReads(Host host) throws Failure {
        String head = host.database().replica().head().orElseThrow();
        return host.engine().plan(host.settings(), head, PATIENCE, new Cancellation()).stream()
                .mapToLong(ReplicaFile::bytes)
                .sum();
    }

    private void alone(Host host, boolean wholeSnapshot) throws Failure {
        if (wholeSnapshot) {
            host.engine().replicateWithSnapshot(host.settings(), PATIENCE, new Cancellation());
        } else {
            host.engine().replicateOnce(host.settings(), PATIENCE, new Cancellation());
        }
    }

    /** As by hand: the database and all that lies beside it away, and back from the replica. */
    private void restoreAlone(Host host) throws Failure {
        ConfiguredDatabase settings = host.settings();
        String head = host.database().replica().head().orElseThrow();
        for (String side : new String[] {"", "-wal", "-shm"}) {
            Host.delete(settings.side(side));
        }
        Host.delete(settings.engineFolder());
        host.engine().restore(settings, Optional.of(head), settings.database(), PATIENCE, new Cancellation());
    }
}
