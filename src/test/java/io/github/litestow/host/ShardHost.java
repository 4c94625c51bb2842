package io.github.litestow.host;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.TestConfig;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.engine.Litestream;
import io.github.litestow.evidence.EvidenceReport;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.service.ShardMoves;
import io.github.litestow.shard.Shards;
import io.github.litestow.sqlite.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One of several services that share a group, wired by hand; it looks and works when it is told to. */
public final class ShardHost {
    private static final Clock CLOCK = Clock.systemUTC();

    private final Path folder;
    private final LaunchMode mode;
    private final DatabaseGroup group;
    private final RecordedEvents events = new RecordedEvents();
    private final Databases databases;
    private final Shards shards;
    private final Discovery discovery;
    private final RunExecutor runs;
    private final Snapshots snapshots;
    private final Restores restores;
    private final ShardMoves moves;
    private final DaemonThreads threads = new DaemonThreads("moves", 2);

    /**
     * Wires it; the folder is made.
     *
     * @param replicas the folder of the replicas, which all share
     * @param shard as in the settings
     */
    public ShardHost(Path folder, Path replicas, String shard, String leaseTime) {
        this.folder = folder;
        this.mode = new LaunchMode("serve", "127.0.0.1", 8080);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConfiguredService settings = TestConfig.empty()
                .env("LITESTOW_FOLDER", folder.toString())
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "file://" + replicas + "/{name}")
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                .env("LITESTOW_LEASE_TIME", leaseTime)
                .env("LITESTOW_SHARD", shard)
                .read();
        group = settings.groups().get(0);
        Litestream engine = WiredService.litestream(group.database("any"), Host.realEngine());
        databases = new Databases(settings, engine, WiredService.JSON, mode);
        shards = new Shards(settings, databases);
        discovery = new Discovery(settings, databases, shards, mode, CLOCK);
        runs = new RunExecutor(CLOCK, events, mode);
        snapshots = new Snapshots(runs, engine, CLOCK);
        restores = new Restores(runs, engine, CLOCK);
        moves = new ShardMoves(databases, shards, snapshots);
    }

    /** Takes the group and finds out what there is. */
    public void start() throws Failure {
        StateFolder.ensure(group);
        databases.lock(group).take(mode.describe());
        discovery.folder(group).forEach(Database::markReady);
        shards.look(group);
        discovery.replicas(group);
    }

    /** Looks once at what is here, what belongs here and what belongs elsewhere. */
    public void look() throws Failure {
        discovery.folder(group).forEach(Database::markReady);
        moves.look(group, threads, this::restore);
        databases.of(group).stream()
                .filter(database -> !database.ready())
                .filter(this::ours)
                .forEach(this::restore);
    }

    private boolean ours(Database database) {
        return shards.ours(group, database.name());
    }

    private void restore(Database database) {
        Outcome outcome =
                restores.restore(database, RestoreRequest.atStart(false, false)).result();
        if (outcome.failure().isEmpty() && outcome.skipReason().isEmpty()) {
            database.markReady();
        }
    }

    /** Takes a snapshot of a database. */
    public Outcome snapshot(String name) {
        return snapshots
                .snapshot(databases.add(group, name), SnapshotRequest.by("test"))
                .result();
    }

    /** Has a database belong to another shard. */
    public void move(String name, int shard) throws Failure {
        shards.move(group, name, shard);
    }

    /** Returns whether this service would write to the database's replica now. */
    public boolean owns(String name) {
        return databases.named(name).filter(Database::leaseHeld).isPresent();
    }

    /** Returns whether the database is here and given to applications. */
    public boolean has(String name) {
        return Files.exists(file(name))
                && databases.named(name).filter(Database::ready).isPresent()
                && shards.ours(group, name);
    }

    /** Returns the shard to which a database belongs. */
    public int shardOf(String name) {
        return shards.shardOf(group, name);
    }

    /** Returns where the database's file is. */
    public Path file(String name) {
        return folder.resolve(name + ".db");
    }

    /** Returns how each run ended. */
    public List<RunRecord> records() {
        return events.records();
    }

    /** Reads what was proven of a database, as its replica keeps it. */
    public EvidenceReport evidence(String name) throws Failure {
        Instant now = Instant.now();
        return databases.add(group, name).evidenceReport(now.minus(Duration.ofDays(1)), now, Duration.ofDays(1));
    }

    /** Returns how the last run of a database ended. */
    public Optional<RunRecord> lastRun(String name) {
        return events.records().stream()
                .filter(run -> run.database().equals(name))
                .reduce((before, after) -> after);
    }

    /** Ends without a word to anybody, as a machine that lost its power. */
    public void kill() {
        threads.close();
        databases.close();
        runs.stop(Duration.ofSeconds(10));
    }

    /** Ends in good order. */
    public void stop() {
        threads.close();
        runs.stop(Duration.ofSeconds(10));
        databases.giveBack();
        databases.close();
    }
}
