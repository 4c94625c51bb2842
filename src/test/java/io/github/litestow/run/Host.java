package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.litestow.journal.Journals;
import io.github.litestow.litestream.Cancellation;
import io.github.litestow.litestream.LitestreamProducer;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.replica.WatchedReplica;
import io.github.litestow.s3.S3Server;
import io.github.litestow.settings.DatabaseSettings;
import io.github.litestow.settings.ReplicaUrl;
import io.github.litestow.settings.S3Settings;
import io.github.litestow.settings.ServiceSettings;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.sqlite.TestDatabase;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A host with one database and the service's runs, wired with the real engine and a replica folder. */
final class Host {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path folder;
    private final Path replica;
    private final TestDatabase file;
    private final WatchedEngine engine;
    private final RecordedEvents events = new RecordedEvents();
    private DatabaseSettings settings;
    private Database database;
    private Runs runs;
    private Clock clock = Clock.systemUTC();
    private boolean stopped;

    /** A host whose database does not exist yet. */
    Host(Path folder, Path replica) {
        this(folder, replica, realEngine());
    }

    /** The same with another engine binary. */
    Host(Path folder, Path replica, Path binary) {
        this.folder = folder;
        this.replica = replica;
        this.file = TestDatabase.in(folder);
        this.settings = file.settings(replica);
        this.engine = new WatchedEngine(new LitestreamProducer()
                .litestream(new ServiceSettings(
                        List.of(settings), Optional.of(binary), Duration.ofSeconds(5), Optional.empty())));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    static Path realEngine() {
        Path binary = Path.of(System.getProperty("litestow.test.litestream"));
        assertThat(binary).as("the litestream of the build").isExecutable();
        return binary;
    }

    /** Wires everything anew, as after a restart of the service. */
    void restart() {
        Databases databases = new Databases(
                new ServiceSettings(List.of(settings), Optional.empty(), Duration.ofSeconds(5), Optional.empty()),
                engine,
                JSON,
                new Journals(JSON));
        database = databases.named("default").orElseThrow();
        stopped = false;
        runs = new Runs(engine, clock, events, new Invocation("localhost", 8080));
    }

    /** Has something else happen just before an object of ours is read from the replica. */
    void beforeReplicaRead(Consumer<String> action) {
        database =
                new Database(settings, database.journal(), WatchedReplica.of(replica, JSON, action), database.claim());
    }

    /** Changes what the settings say of snapshots. */
    void with(UnaryOperator<DatabaseSettings.Snapshot> change) {
        with(change.apply(settings.snapshot()), settings.retention());
    }

    /** Changes what the settings say of retention. */
    void with(DatabaseSettings.Retention retention) {
        with(settings.snapshot(), retention);
    }

    /** Moves the replica into the bucket of a test server, reached through this endpoint. */
    void inBucket(URI endpoint) {
        inBucket(endpoint, "path");
    }

    /** The same, at a path of its own. */
    void inBucket(URI endpoint, String path) {
        with(
                new ReplicaUrl("s3://" + S3Server.BUCKET + "/" + path, "s3"),
                S3Server.settings(endpoint),
                settings.snapshot(),
                settings.retention());
    }

    /** Lets it be later than it is. */
    void later(Duration by) {
        clock = Clock.offset(clock, by);
        restart();
    }

    /** Changes where the replica lies. */
    void with(ReplicaUrl url, S3Settings s3) {
        with(url, s3, settings.snapshot(), settings.retention());
        restart();
    }

    private void with(DatabaseSettings.Snapshot snapshot, DatabaseSettings.Retention retention) {
        with(settings.replica(), settings.s3(), snapshot, retention);
    }

    private void with(
            ReplicaUrl url, S3Settings s3, DatabaseSettings.Snapshot snapshot, DatabaseSettings.Retention retention) {
        settings = new DatabaseSettings(
                settings.name(),
                settings.database(),
                settings.stateFolder(),
                settings.engineFolder(),
                url,
                s3,
                snapshot,
                retention,
                settings.restore(),
                settings.verifyEvery(),
                settings.leaseTime(),
                settings.health());
        restart();
    }

    /** Offloads at once, or says in a failure what happened instead. */
    Outcome.Offloaded offload() {
        Outcome outcome = snapshot();
        assertThat(outcome).isInstanceOf(Outcome.Offloaded.class);
        return (Outcome.Offloaded) outcome;
    }

    Outcome snapshot() {
        return runs.snapshot(database, SnapshotRequest.by("test")).result();
    }

    Outcome keep() {
        return runs.snapshot(database, new SnapshotRequest("test", true, false, Optional.empty()))
                .result();
    }

    Outcome adopt() {
        return runs.snapshot(database, new SnapshotRequest("test", false, true, Optional.empty()))
                .result();
    }

    Outcome restore() {
        return restore(RestoreRequest.newest("test", false));
    }

    Outcome replace() {
        return restore(RestoreRequest.newest("test", true));
    }

    Outcome start() {
        return restore(RestoreRequest.atStart(false, false));
    }

    Outcome restore(RestoreRequest request) {
        return runs.restore(database, request).result();
    }

    Outcome verify() {
        return runs.verify(database, "test").result();
    }

    /** Ends the service: no run begins any more, and nothing of the database is held. */
    void stop() {
        if (!stopped) {
            assertThat(runs.stop(Duration.ofSeconds(10))).isTrue();
            stopped = true;
        }
    }

    TestDatabase file() {
        return file;
    }

    DatabaseSettings settings() {
        return settings;
    }

    Database database() {
        return database;
    }

    Runs runs() {
        return runs;
    }

    Tenure tenure() {
        return new Tenure(new Invocation("localhost", 8080));
    }

    WatchedEngine engine() {
        return engine;
    }

    RunRecord lastRun() {
        List<RunRecord> records = events.records();
        return records.get(records.size() - 1);
    }

    /** Forgets all that this host knows of the replica. */
    void loseStateFolder() {
        delete(settings.stateFolder());
        restart();
    }

    static void delete(Path tree) {
        try {
            StateFolder.delete(tree);
        } catch (Failure e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the engine's files at the replica with size and time, to see that nothing happened. */
    Map<String, String> replicaFiles() {
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
    String restoredContent() {
        return restored(TestDatabase::content);
    }

    /** Looks at what the replica restores, by the engine and nothing of ours. */
    String restored(Function<TestDatabase, String> look) {
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

    static void assertFailed(Outcome outcome, FailureKind kind) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed ->
                                assertThat(failed.kind()).as(failed.toString()).isEqualTo(kind));
    }
}
