package io.github.litestow.faults;

import io.github.litestow.application.Application;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.host.WiredService;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.store.WatchedReplica;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One trial's folder, database, replica, runs, and the applications beside them. */
final class World extends Findings implements AutoCloseable {
    private static final AtomicInteger SEQUENCE = new AtomicInteger();

    /** What the state folder holds between runs. */
    private static final Set<String> STATE =
            Set.of("id", "lock", "state.json", "runs.jsonl", "quarantine", "pages.index", "days.json");

    final String name = "w" + SEQUENCE.incrementAndGet();
    final Tuning tuning = new Tuning();
    final Path folder;
    final Path replica;
    Path data;
    IndependentRestore check;

    private final List<Application> applications = new ArrayList<>();
    private final List<Closing> closings = new ArrayList<>();
    private WiredService service;
    private Optional<UnaryOperator<Database>> watched = Optional.empty();
    private Application checker;

    World() throws IOException {
        folder = Files.createTempDirectory("litestow-fault");
        data = Files.createDirectory(folder.resolve("data"));
        replica = folder.resolve("replica");
        check = new IndependentRestore("file://" + replica);
    }

    /** Something to undo when the trial ends, such as a mount. */
    interface Closing {
        void close() throws Exception;
    }

    void atEnd(Closing closing) {
        closings.add(0, closing);
    }

    ConfiguredDatabase settings() {
        return tuning.settings(name, data, replica);
    }

    Path db() {
        return settings().database();
    }

    /** Returns a new application in a process of its own. */
    Application application() throws IOException {
        Application application = new Application();
        applications.add(application);
        return application;
    }

    /** Returns the service, as started anew after {@link #restart} or a change of {@link #tuning}. */
    WiredService service() throws Failure {
        if (service == null) {
            service = tuning.service(settings());
        }
        return service;
    }

    /** From now on something happens right before and right after a snapshot puts a difference into the folder. */
    void aroundPut(Consumer<ReplicaFile> before, Consumer<ReplicaFile> after) {
        watched = Optional.of(database -> putting(database, replica, before, after));
    }

    /** From now on nothing does. */
    void plain() {
        watched = Optional.empty();
        restart();
    }

    /** Returns the database over a replica in a folder that is watched. */
    static Database putting(
            Database database, Path replica, Consumer<ReplicaFile> before, Consumer<ReplicaFile> after) {
        return new Database(
                database.settings(),
                database.journal(),
                WatchedReplica.putting(replica, WiredService.JSON, before, after),
                database.lock(),
                database.currentRun(),
                new LeaseThreads());
    }

    void restart() {
        if (service != null) {
            // As its process does when it ends: it holds the WAL of a database that stays.
            service.runs().stop(Duration.ZERO);
        }
        service = null;
    }

    Outcome snapshot() throws Failure {
        return snapshot(SnapshotRequest.by("trial"));
    }

    /** A snapshot that leaves the database where it is. */
    Outcome keep() throws Failure {
        return snapshot(new SnapshotRequest("trial", true, false, Optional.empty()));
    }

    /** A snapshot for which a person said that the database may become the head. */
    Outcome adopt() throws Failure {
        return snapshot(new SnapshotRequest("trial", false, true, Optional.empty()));
    }

    Outcome snapshot(SnapshotRequest request) throws Failure {
        WiredService now = service();
        Database database = watched.map(over -> over.apply(now.database())).orElse(now.database());
        return timed(() -> now.snapshots().snapshot(database, request), tuning.timeout);
    }

    Outcome restore() throws Failure {
        return restore(RestoreRequest.atStart(false, false));
    }

    Outcome restore(RestoreRequest request) throws Failure {
        WiredService now = service();
        return timed(() -> now.restores().restore(now.database(), request), Duration.ofMinutes(2));
    }

    Outcome verify() throws Failure {
        WiredService now = service();
        return timed(() -> now.snapshots().verify(now.database(), "trial"), Duration.ofMinutes(2));
    }

    private Outcome timed(Supplier<RunRecord> run, Duration deadline) {
        long start = System.nanoTime();
        Outcome outcome = run.get().result();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        saw(outcome, took);
        if (took.compareTo(deadline.plus(tuning.grace)) > 0) {
            broken("a run took " + took + " with a deadline of " + deadline);
        }
        return outcome;
    }

    /** The next start and the next run, which need no hand work; nothing is left lying about. */
    void goesOn() throws Exception {
        restart();
        Outcome start = restore();
        expect(!(start instanceof Outcome.Failed), "the next start failed: " + start);
        Outcome next = snapshot();
        expect(!(next instanceof Outcome.Failed), "the next snapshot failed: " + next);
        nothingLeft();
    }

    void nothingLeft() throws IOException {
        Path state = settings().stateFolder();
        if (Files.exists(state)) {
            try (Stream<Path> files = Files.list(state)) {
                Set<String> mayStay = new HashSet<>(STATE);
                if (Files.exists(db())) {
                    // It says that the replica's head comes from this database, and goes with it.
                    mayStay.add("difference");
                }
                List<String> left = files.map(file -> String.valueOf(file.getFileName()))
                        .filter(file -> !mayStay.contains(file))
                        .toList();
                expect(left.isEmpty(), "left in the state folder: " + left);
            }
        }
    }

    /** Returns the rows that the replica restores, asked of litestream itself; {@code options} are its own. */
    Set<Integer> restoredRows(String... options) throws Exception {
        Path output = folder.resolve("check-" + SEQUENCE.incrementAndGet() + ".db");
        check.restore(output, options);
        return reader().rows(output);
    }

    /** Leaves an application out that used another database. */
    void forget(Application application) {
        applications.remove(application);
    }

    /** Returns the rows of any database. */
    Set<Integer> rows(Path file) throws IOException {
        return reader().rows(file);
    }

    Set<Integer> localRows() throws IOException {
        return reader().rows(db());
    }

    /** A process that has none of the connections of the trial's applications. */
    private Application reader() throws IOException {
        if (checker == null) {
            checker = new Application();
        }
        return checker;
    }

    Set<Integer> acknowledged() {
        Set<Integer> rows = new TreeSet<>();
        applications.forEach(application -> rows.addAll(application.acknowledgedRows()));
        return rows;
    }

    /** Closes the trial: counts what is lost, in a process that has none of the connections. */
    Trial result(List<String> alsoBroken) throws Exception {
        Set<Integer> rows = acknowledged();
        Set<Integer> lost = new TreeSet<>(rows);
        lost.removeAll(localRows());
        if (!lost.isEmpty()) {
            lost.removeAll(restoredRows());
        }
        return trial(rows.size(), lost.size(), alsoBroken);
    }

    @Override
    public void close() throws Exception {
        Steps.forget(name);
        restart();
        applications.forEach(Application::close);
        if (checker != null) {
            checker.close();
        }
        for (Closing closing : closings) {
            closing.close();
        }
        delete(folder);
    }

    static void delete(Path tree) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
