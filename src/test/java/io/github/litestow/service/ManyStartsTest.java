package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.engine.Litestream;
import io.github.litestow.host.Host;
import io.github.litestow.host.RecordedEvents;
import io.github.litestow.host.WiredService;
import io.github.litestow.journal.Journal;
import io.github.litestow.lease.LeaseThreads;
import io.github.litestow.run.CurrentRun;
import io.github.litestow.run.Database;
import io.github.litestow.run.DatabaseLock;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.shard.Shards;
import io.github.litestow.sqlite.TestDatabase;
import io.github.litestow.store.WatchedReplica;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fifty databases start on few threads, and one in trouble delays no other. */
@Timeout(120)
class ManyStartsTest {
    private static final int MANY = 50;

    @TempDir
    Path temp;

    private final ObjectMapper json = new ObjectMapper().findAndRegisterModules();
    private final LeaseThreads leaseThreads = new LeaseThreads();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final List<Database> databases = new ArrayList<>();
    private RestoreOnStartup start;

    @BeforeEach
    void fifty_databases_of_which_the_first_has_a_replica_that_hangs() throws IOException {
        for (int number = 0; number < MANY; number++) {
            databases.add(database(number));
        }
        ConfiguredService settings = new ConfiguredService(
                databases.stream().map(Database::settings).toList(),
                Optional.of(Host.realEngine()),
                Duration.ofSeconds(5),
                Optional.empty(),
                2);
        Litestream litestream = WiredService.litestream(databases.get(0).settings(), Host.realEngine());
        LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
        RunExecutor runs = new RunExecutor(Clock.systemUTC(), new RecordedEvents(), mode);
        Snapshots snapshots = new Snapshots(runs, litestream, Clock.systemUTC());
        Databases known = new Databases() {
            @Override
            public List<Database> all() {
                return databases;
            }
        };
        Shards shards = new Shards(settings, known);
        Discovery discovery = new Discovery(settings, known, shards, mode, Clock.systemUTC());
        GroupSlots groups = new GroupSlots(known, discovery, snapshots, Clock.systemUTC(), mode);
        SnapshotScheduler cron = new SnapshotScheduler(noScheduler(), runs, snapshots, groups, Clock.systemUTC(), mode);
        Restores restores = new Restores(runs, litestream, Clock.systemUTC());
        start = new RestoreOnStartup(
                settings,
                known,
                restores,
                cron,
                new GroupStart(
                        settings,
                        known,
                        discovery,
                        restores,
                        cron,
                        shards,
                        new ShardMoves(known, shards, snapshots),
                        mode),
                mode);
    }

    @AfterEach
    void nothingIsHeld() {
        hanging.countDown();
        start.stop();
        await().until(() -> startThreads() == 0);
        databases.forEach(database -> database.lease().giveBack());
        leaseThreads.close();
    }

    private Database database(int number) throws IOException {
        Path replica = temp.resolve("replica-" + number);
        TestDatabase file = TestDatabase.in(Files.createDirectory(temp.resolve("host-" + number)));
        file.withRows("WAL", 1);
        ConfiguredDatabase settings = file.settings(replica);
        return new Database(
                settings,
                Journal.open(settings.stateFolder(), json),
                WatchedReplica.of(replica, json, key -> {
                    if (number == 0) {
                        hang();
                    }
                }),
                new DatabaseLock(settings.stateFolder()),
                new CurrentRun(settings.stateFolder(), json),
                leaseThreads);
    }

    private void hang() {
        try {
            hanging.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing is scheduled by these settings. */
    private static Scheduler noScheduler() {
        return (Scheduler) Proxy.newProxyInstance(
                Scheduler.class.getClassLoader(), new Class<?>[] {Scheduler.class}, (proxy, method, arguments) -> null);
    }

    private static long startThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("start-up"))
                .count();
    }

    @Test
    void all_but_the_one_that_hangs_become_ready_on_few_threads() {
        start.started(new StartupEvent());

        await().atMost(Duration.ofSeconds(60))
                .until(() -> databases.stream().skip(1).allMatch(database -> database.ready()));
        assertThat(startThreads())
                .isLessThanOrEqualTo(8 + 2L * Runtime.getRuntime().availableProcessors());
        assertThat(databases.get(0).ready()).isFalse();

        hanging.countDown();

        await().until(() -> databases.get(0).ready());
    }

    @Test
    void databases_whose_lease_is_held_elsewhere_wait_without_a_thread_and_go_on_when_it_is_free() throws Exception {
        for (int number = 1; number <= 20; number++) {
            heldElsewhere(number);
        }

        start.started(new StartupEvent());

        await().atMost(Duration.ofSeconds(60))
                .until(() -> databases.stream().skip(21).allMatch(database -> database.ready()));
        assertThat(databases.subList(1, 21)).noneMatch(database -> database.ready());
        for (int number = 1; number <= 20; number++) {
            Files.delete(lease(number));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> databases.subList(1, 21).stream().allMatch(database -> database.ready()));
    }

    private void heldElsewhere(int number) throws IOException {
        Files.createDirectories(lease(number).getParent());
        json.writeValue(
                lease(number).toFile(),
                Map.of("holder", "x", "who", "another service", "ttlMillis", 3_600_000, "mark", "y"));
    }

    private Path lease(int number) {
        return temp.resolve("replica-" + number + "/litestow/lease.json");
    }
}
