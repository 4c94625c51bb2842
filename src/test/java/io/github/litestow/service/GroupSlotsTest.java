package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.DatabaseGroup;
import io.github.litestow.config.TestConfig;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.host.Host;
import io.github.litestow.host.RecordedEvents;
import io.github.litestow.host.WatchedEngine;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.report.BackupState;
import io.github.litestow.report.Overview;
import io.github.litestow.report.OverviewService;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.Pauses;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.shard.Shards;
import io.github.litestow.sqlite.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group over the real engine; the slots come when the test says so. */
class GroupSlotsTest {
    @TempDir
    Path temp;

    private final RecordedEvents events = new RecordedEvents();
    private final LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
    private Path folder;
    private Clock clock = Clock.systemUTC();
    private WatchedEngine engine;
    private ConfiguredService settings;
    private DatabaseGroup group;
    private Databases databases;
    private Discovery discovery;
    private GroupSlots slots;
    private SlotQueue queue;
    private RunExecutor runs;
    private Restores restores;

    @BeforeEach
    void three_databases_that_are_kept() throws IOException {
        folder = Files.createDirectories(temp.resolve("data"));
        for (String name : List.of("one", "two", "eu/three")) {
            Files.createDirectories(folder.resolve(name).getParent());
            TestDatabase.at(folder.resolve(name + ".db")).withRows("WAL", 3);
        }
        wire(false);
    }

    private void wire(boolean deleteLocal) {
        settings = TestConfig.empty()
                .env("LITESTOW_FOLDER", folder.toString())
                .env("DB_SQLITE", "{name}.db")
                .env("REPLICA_URL", "file://" + temp.resolve("replicas") + "/{name}")
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", String.valueOf(deleteLocal))
                .env("LITESTOW_LITESTREAM_BINARY", Host.realEngine().toString())
                .read();
        group = settings.groups().get(0);
        engine = new WatchedEngine(WiredService.litestream(group.database("any"), Host.realEngine()));
        databases = new Databases(settings, engine, WiredService.JSON);
        discovery = new Discovery(settings, databases, new Shards(settings, databases), mode, clock);
        runs = new RunExecutor(clock, events, mode);
        Snapshots snapshots = new Snapshots(runs, engine, clock);
        restores = new Restores(runs, engine, clock);
        slots = new GroupSlots(databases, discovery, snapshots, clock, mode);
        queue = new SlotQueue();
    }

    @AfterEach
    void nothing_runs() {
        queue.close();
        runs.stop(Duration.ofSeconds(10));
    }

    /** Uses a slot that is so much later, and waits for what it began. */
    private List<RunRecord> slot() {
        int before = events.records().size();
        slots.use(group, queue);
        await().atMost(Duration.ofSeconds(30)).until(queue::idle);
        return events.records().subList(before, events.records().size());
    }

    private void later(Duration by, boolean deleteLocal) {
        clock = Clock.offset(clock, by);
        wire(deleteLocal);
    }

    @Test
    void an_offloaded_database_whose_replica_is_not_listed_is_looked_at_until_it_is_back() throws Exception {
        wire(true);
        slot();
        List<Database> listed = discovery.replicas(group);
        assertThat(discovery.without(group, listed)).isEmpty();
        Path replica = temp.resolve("replicas/one");
        Files.move(replica, temp.resolve("hidden"));

        List<Database> lost = discovery.without(group, discovery.replicas(group));
        assertThat(lost).extracting(Database::name).containsExactly("one");
        slots.lookFor(group, lost, queue);
        await().atMost(Duration.ofSeconds(30)).until(queue::idle);
        RunRecord run = events.records().get(events.records().size() - 1);
        Host.assertFailed(run.result(), FailureKind.REPLICA_MISSING);
        assertThat(slot()).extracting(RunRecord::database).containsExactly("one");

        Files.move(temp.resolve("hidden"), replica);
        assertThat(slot()).extracting(RunRecord::result).hasOnlyElementsOfType(Outcome.NothingToSnapshot.class);
        assertThat(slot()).isEmpty();
    }

    @Test
    void a_slot_protects_every_file_that_it_finds_and_the_later_ones_ask_nobody() {
        assertThat(slot()).extracting(RunRecord::database).containsExactlyInAnyOrder("eu/three", "one", "two");
        assertThat(events.records()).allMatch(run -> run.result().agreed());
        assertThat(temp.resolve("replicas/eu%2Fthree/ltx")).isDirectory();
        later(Duration.ofMinutes(5), false);
        slot();
        later(Duration.ofMinutes(5), false);
        engine.forget();

        assertThat(slot()).isEmpty();

        assertThat(engine.calls()).isEmpty();
        assertThat(databases.of(group))
                .allMatch(database -> database.unchangedAt().isPresent());
    }

    /** Lets everything become known as unchanged. */
    private void settle(boolean deleteLocal) {
        slot();
        later(Duration.ofMinutes(5), deleteLocal);
        slot();
        later(Duration.ofMinutes(5), deleteLocal);
        assertThat(slot()).isEmpty();
    }

    private TestDatabase file(String name) {
        return TestDatabase.at(folder.resolve(name + ".db"));
    }

    private void theFileGoes(String name) {
        List.of(".db", ".db-wal", ".db-shm").forEach(suffix -> Host.delete(folder.resolve(name + suffix)));
    }

    private Database database(String name) {
        return databases.named(name).orElseThrow();
    }

    @Test
    void only_what_changed_gets_a_run_and_needs_no_second_one() {
        settle(false);
        file("two").addRow();

        assertThat(slot()).extracting(RunRecord::database).containsExactly("two");

        later(Duration.ofMinutes(5), false);
        assertThat(slot()).isEmpty();
        assertThat(slots.changed(group)).isEmpty();
    }

    @Test
    void a_paused_one_gets_no_run_of_a_slot_and_still_has_its_last_snapshot() throws Exception {
        settle(false);
        file("one").addRow();
        file("two").addRow();
        new Pauses(clock, mode).set(database("two"), true);

        assertThat(slot()).extracting(RunRecord::database).containsExactly("one");
        later(Duration.ofMinutes(5), false);
        assertThat(slot()).isEmpty();

        assertThat(slots.changed(group)).extracting(Database::name).containsExactly("two");
        new Pauses(clock, mode).set(database("two"), false);
        assertThat(slot()).extracting(RunRecord::database).containsExactly("two");
    }

    @Test
    void a_file_under_two_names_of_the_group_is_touched_under_neither_until_one_is_gone() throws Exception {
        settle(false);
        Path second = Files.createLink(folder.resolve("eu/four.db"), folder.resolve("one.db"));

        assertThat(slot()).singleElement().satisfies(run -> refused(run, "eu/four", "one.db"));
        file("one").addRow();
        assertThat(slot())
                .anySatisfy(run -> refused(run, "eu/four", "one.db"))
                .anySatisfy(run -> refused(run, "one", "eu/four.db"));

        assertThat(temp.resolve("replicas/eu%2Ffour")).doesNotExist();
        assertThat(file("one").value("PRAGMA integrity_check")).isEqualTo("ok");
        Files.delete(second);
        assertThat(slot()).singleElement().satisfies(run -> {
            assertThat(run.database()).isEqualTo("one");
            assertThat(run.result().agreed()).isTrue();
        });
    }

    private static void refused(RunRecord run, String database, String other) {
        assertThat(run.database()).isEqualTo(database);
        assertThat(run.result()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(failed.cause()).contains(other, "hard links");
        });
    }

    @Test
    void what_is_written_to_while_it_stays_open_is_seen() throws Exception {
        settle(false);
        try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("one.db"))) {
            for (int row = 0; row < 3; row++) {
                try (Statement statement = open.createStatement()) {
                    statement.execute("INSERT INTO t (note) VALUES ('added')");
                }
                assertThat(slot()).extracting(RunRecord::database).containsExactly("one");
                later(Duration.ofMinutes(5), false);
            }
        }
    }

    @Test
    void a_file_that_is_gone_is_retired_once_and_its_replica_left_alone() throws Exception {
        settle(false);
        theFileGoes("one");

        assertThat(slot()).isEmpty();
        assertThat(slot()).isEmpty();

        assertThat(database("one").journal().state().retired()).isPresent();
        assertThat(temp.resolve("replicas/one/ltx")).isDirectory();
        restores.restore(database("one"), RestoreRequest.newest("test", false));
        slot();
        assertThat(file("one").rows()).isEqualTo(3);
        assertThat(database("one").journal().state().retired()).isEmpty();
    }

    @Test
    void what_is_unchanged_and_proven_or_retired_is_no_alarm_a_month_later() throws Exception {
        settle(false);
        theFileGoes("one");
        slot();
        later(Duration.ofDays(30), false);

        assertThat(slot()).isEmpty();

        database("one").markReady();
        StatusService status = new StatusService(settings, databases, clock);
        Overview overview = new OverviewService(databases, status, clock).now();
        assertThat(overview.sentence()).startsWith("All 3 databases are safe");
        assertThat(status.fleet().oldestSeconds()).isLessThan(60);
        assertThat(status.fleet().states()).containsEntry(BackupState.RETIRED, 1);
    }

    @Test
    void a_database_that_is_gone_with_its_record_is_still_known_to_be_at_its_replica() throws Exception {
        settle(false);
        Host.delete(folder.resolve("one.db"));
        Host.delete(folder.resolve(".one.db-litestow"));

        assertThat(slot()).isEmpty();

        assertThat(database("one").journal().state().retired()).isPresent();
        assertThat(database("one").journal().state().newest()).isPresent();
        restores.restore(database("one"), RestoreRequest.newest("test", false));
        assertThat(file("one").rows()).isEqualTo(3);
    }

    @Test
    void a_restore_that_was_refused_gives_an_offloaded_database_no_run_at_each_slot() throws Exception {
        wire(true);
        slot();
        Files.writeString(folder.resolve("one.db"), "somebody's");
        assertThat(restores.restore(database("one"), RestoreRequest.newest("test", false))
                        .result()
                        .failure())
                .isPresent();
        Files.delete(folder.resolve("one.db"));
        slot();

        assertThat(slot()).isEmpty();
    }

    @Test
    void a_file_that_is_gone_before_it_was_backed_up_is_forgotten() {
        slots.look(group);
        Host.delete(folder.resolve("one.db"));

        slots.look(group);

        assertThat(databases.named("one")).isEmpty();
    }

    @Test
    void what_is_offloaded_is_idle_known_by_its_replica_and_restored_by_name() throws Exception {
        later(Duration.ZERO, true);
        assertThat(slot())
                .extracting(run -> run.result().which())
                .containsOnly(Outcome.Case.OFFLOADED)
                .hasSize(3);
        assertThat(slot()).isEmpty();
        Host.delete(folder);
        Files.createDirectories(folder);
        later(Duration.ZERO, true);

        assertThat(discovery.named("eu/three")).isPresent();
        assertThat(discovery.named("nobody")).isEmpty();
        assertThat(discovery.replicas(group)).extracting(Database::name).containsExactly("eu/three", "one", "two");
        assertThat(database("one").nothingYet()).isFalse();
        Outcome restored = restores.restore(database("eu/three"), RestoreRequest.newest("test", false))
                .result();

        assertThat(restored.which()).isEqualTo(Outcome.Case.RESTORED);
        assertThat(file("eu/three").rows()).isEqualTo(3);
    }

    @Test
    void links_hidden_files_and_copies_are_nobodys_databases() throws Exception {
        Path outside = Files.createDirectories(temp.resolve("outside"));
        TestDatabase.at(outside.resolve("x.db")).withRows("WAL", 1);
        Files.createSymbolicLink(folder.resolve("link.db"), outside.resolve("x.db"));
        Files.createSymbolicLink(folder.resolve("linked"), outside);
        Files.createDirectories(folder.resolve("restores"));
        TestDatabase.at(folder.resolve("restores/copy.db")).withRows("WAL", 1);
        TestDatabase.at(folder.resolve(".hidden.db")).withRows("WAL", 1);

        slots.look(group);

        assertThat(databases.of(group)).extracting(Database::name).containsExactly("eu/three", "one", "two");
        databases.add(group, "linked/x");
        Outcome refused = restores.restore(database("linked/x"), RestoreRequest.newest("test", false))
                .result();
        Host.assertFailed(refused, FailureKind.REFUSED);
    }
}
