package io.github.litestow.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.LitestowConfig;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.config.S3Settings;
import io.github.litestow.config.TestConfig;
import io.github.litestow.control.Cancellation;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.DatabaseStatus;
import io.github.litestow.run.Database;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.compare.Looks;
import io.github.litestow.run.mark.Marks;
import io.github.litestow.run.prune.Prunes;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.restore.Rollbacks;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.s3.S3Server;
import io.github.litestow.sqlite.RestoredFileInstaller;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.Replica;
import io.github.litestow.store.WatchedReplica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** A host with one database and the service's runs, wired with the real engine and a replica folder. */
public final class Host {
    private final Path folder;
    private final Path replica;
    private final TestDatabase file;
    private final WatchedEngine engine;
    private final RecordedEvents events = new RecordedEvents();
    private ConfiguredDatabase settings;
    private WiredService service;
    private Database database;
    private Clock clock = Clock.systemUTC();
    private LaunchMode mode = new LaunchMode("serve", "127.0.0.1", 8080);
    private Duration later = Duration.ZERO;
    private boolean stopped;

    /** A host whose database does not exist yet. */
    public Host(Path folder, Path replica) {
        this(folder, replica, realEngine());
    }

    /** The same with another engine binary. */
    public Host(Path folder, Path replica, Path binary) {
        this.folder = folder;
        this.replica = replica;
        this.file = TestDatabase.in(folder);
        this.settings = file.settings(replica);
        this.engine = new WatchedEngine(WiredService.litestream(settings, binary));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    public static Path realEngine() {
        Path binary = Path.of(System.getProperty("litestow.test.litestream"));
        assertThat(binary).as("the litestream of the build").isExecutable();
        return binary;
    }

    /** Wires everything anew, as after a restart of the service. */
    public void restart() {
        service = new WiredService(settings, engine, clock, events, mode);
        database = service.database();
        if (!later.isZero()) {
            over(WatchedReplica.later(settings, engine, WiredService.JSON, later));
        }
        stopped = false;
    }

    /** From now on each run is a command's, which holds nothing between runs. */
    public void asCommands() {
        mode = new LaunchMode("snapshot", "127.0.0.1", 8080);
        restart();
    }

    /** Has something else happen just before an object of ours is read from the replica. */
    public void beforeReplicaRead(Consumer<String> action) {
        over(WatchedReplica.of(replica, WiredService.JSON, action));
    }

    /** Has something else happen right before and right after what changed is put at the replica. */
    public void aroundPut(Consumer<ReplicaFile> before, Consumer<ReplicaFile> after) {
        over(WatchedReplica.putting(replica, WiredService.JSON, before, after));
    }

    /** Has something else happen right after what changed is put at the replica, and before it is read there. */
    public void aroundLook(Consumer<ReplicaFile> put, Consumer<ReplicaFile> read) {
        over(WatchedReplica.reading(replica, WiredService.JSON, put, read));
    }

    private void over(Replica other) {
        database = new Database(
                settings, database.journal(), other, database.lock(), database.currentRun(), new LeaseThreads());
    }

    /**
     * Changes one setting.
     *
     * @param accessors how it is read, for example {@code snapshot.timeout}
     */
    public void with(String accessors, Object value) {
        settings = TestConfig.with(settings, accessors, value);
        restart();
    }

    /** Changes what the settings say of retention. */
    public void with(LitestowConfig.Retention retention) {
        with("retention", retention);
    }

    /** Moves the replica into the bucket of a test server, reached through this endpoint. */
    public void inBucket(URI endpoint) {
        inBucket(endpoint, "path");
    }

    /** The same, at a path of its own. */
    public void inBucket(URI endpoint, String path) {
        with(new ReplicaUrl("s3://" + S3Server.BUCKET + "/" + path, "s3"), S3Server.settings(endpoint));
    }

    /** Lets it be later than it is, here and at the replica's store. */
    public void later(Duration by) {
        clock = Clock.offset(clock, by);
        later = later.plus(by);
        restart();
    }

    /** Lets this host's clock be ahead of the world's. */
    public void clockAhead(Duration by) {
        clock = Clock.offset(Clock.systemUTC(), by);
        restart();
    }

    /** Changes where the replica lies. */
    public void with(ReplicaUrl url, S3Settings s3) {
        settings = TestConfig.with(settings, url, s3);
        restart();
    }

    /** Offloads at once, or says in a failure what happened instead. */
    public Outcome.Offloaded offload() {
        Outcome outcome = snapshot();
        assertThat(outcome).isInstanceOf(Outcome.Offloaded.class);
        return (Outcome.Offloaded) outcome;
    }

    public Outcome snapshot() {
        return service.snapshots()
                .snapshot(database, SnapshotRequest.by("test"))
                .result();
    }

    public Outcome keep() {
        return service.snapshots()
                .snapshot(database, new SnapshotRequest("test", true, false, Optional.empty()))
                .result();
    }

    public Outcome adopt() {
        return service.snapshots()
                .snapshot(database, new SnapshotRequest("test", false, true, Optional.empty()))
                .result();
    }

    public Outcome restore() {
        return restore(RestoreRequest.newest("test", false));
    }

    public Outcome replace() {
        return restore(RestoreRequest.newest("test", true));
    }

    public Outcome start() {
        return restore(RestoreRequest.atStart(false, false));
    }

    public Outcome restore(RestoreRequest request) {
        return service.restores().restore(database, request).result();
    }

    public Outcome verify() {
        return service.snapshots().verify(database, "test").result();
    }

    /** Returns what is reported of the database. */
    public DatabaseStatus status() {
        return service.status().of(settings).orElseThrow();
    }

    /** Ends the service: no run begins any more, and nothing of the database is held. */
    public void stop() {
        if (!stopped) {
            assertThat(service.runs().stop(Duration.ofSeconds(10))).isTrue();
            stopped = true;
        }
    }

    public TestDatabase file() {
        return file;
    }

    /** Returns which file is at the database's path, as the journal writes it down. */
    public Optional<String> fileId() {
        try {
            return RestoredFileInstaller.fileId(settings.database());
        } catch (Failure e) {
            throw new AssertionError(e);
        }
    }

    public ConfiguredDatabase settings() {
        return settings;
    }

    public Database database() {
        return database;
    }

    public RunExecutor runs() {
        return service.runs();
    }

    /** Returns what this host's locks and leases say of it. */
    public String description() {
        return WiredService.description();
    }

    /** Takes the lock of the operating system, as the service does for as long as it lives. */
    public void keepOtherProcessesOut() throws Failure {
        StateFolder.ensure(settings);
        database.lock().host().take(description());
    }

    public Snapshots snapshots() {
        return service.snapshots();
    }

    public Restores restores() {
        return service.restores();
    }

    public Looks looks() {
        return service.looks();
    }

    public Marks marks() {
        return service.marks();
    }

    public Rollbacks rollbacks() {
        return service.rollbacks();
    }

    public Prunes prunes() {
        return service.prunes();
    }

    public WatchedEngine engine() {
        return engine;
    }

    public RunRecord lastRun() {
        List<RunRecord> records = events.records();
        return records.get(records.size() - 1);
    }

    /** Returns how long the last run had the database sealed, if there was one and it had. */
    public Optional<Double> lastSealSeconds() {
        List<RunRecord> records = events.records();
        return records.isEmpty() ? Optional.empty() : lastRun().statistics().sealSeconds();
    }

    /** Forgets all that this host knows of the replica. */
    public void loseStateFolder() {
        delete(settings.stateFolder());
        restart();
    }

    public static void delete(Path tree) {
        try {
            StateFolder.delete(tree);
        } catch (Failure e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the engine's files at the replica with size and time, to see that nothing happened. */
    public Map<String, String> replicaFiles() {
        Map<String, String> files = new TreeMap<>();
        if (!Files.exists(replica.resolve("ltx"))) {
            return files;
        }
        try (Stream<Path> tree = Files.walk(replica.resolve("ltx"))) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                files.put(
                        replica.relativize(path).toString(), Files.size(path) + " " + Files.getLastModifiedTime(path));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the content of {@code t} that the replica restores. */
    public String restoredContent() {
        return restored(TestDatabase::content);
    }

    /** Looks at what the replica restores, by the engine and nothing of ours. */
    public String restored(Function<TestDatabase, String> look) {
        Path scratch = folder.resolve("by-the-engine.db");
        delete(scratch);
        try {
            engine.restore(settings, Optional.empty(), scratch, Duration.ofMinutes(1), new Cancellation());
            return look.apply(TestDatabase.at(scratch));
        } catch (Failure e) {
            throw new AssertionError(e);
        } finally {
            delete(scratch);
        }
    }

    public static void assertFailed(Outcome outcome, FailureKind kind) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed ->
                                assertThat(failed.kind()).as(failed.toString()).isEqualTo(kind));
    }
}
