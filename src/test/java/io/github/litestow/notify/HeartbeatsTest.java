package io.github.litestow.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.Secret;
import io.github.litestow.config.TestConfig;
import io.github.litestow.engine.Litestream;
import io.github.litestow.host.Host;
import io.github.litestow.host.RecordedEvents;
import io.github.litestow.host.WiredService;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.Database;
import io.github.litestow.run.Databases;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.RunExecutor;
import io.github.litestow.run.snapshot.SnapshotRequest;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.sqlite.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs with a heartbeat and with commands around them, as the service wires them. */
class HeartbeatsTest {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Receiver receiver = new Receiver();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void end() {
        receiver.close();
    }

    private RunRecord snapshot(ConfiguredDatabase database) {
        ConfiguredService settings = new ConfiguredService(
                List.of(database), Optional.of(Host.realEngine()), Duration.ofSeconds(5), Optional.empty(), 2);
        Litestream engine = WiredService.litestream(database, Host.realEngine());
        Databases databases = new Databases(settings, engine, WiredService.JSON);
        Heartbeats heartbeats = new Heartbeats(settings, databases, registry, Duration.ofMillis(20));
        LaunchMode command = new LaunchMode("snapshot", "127.0.0.1", 8080);
        Hooks hooks = new Hooks(databases, heartbeats, registry, command);
        Clock clock = Clock.systemUTC();
        RunExecutor runs = new RunExecutor(clock, new RecordedEvents(), command, hooks);
        Database one = databases.named(database.name()).orElseThrow();
        RunRecord run = new Snapshots(runs, engine, clock)
                .snapshot(one, new SnapshotRequest("test", true, false, Optional.empty()));
        heartbeats.ended(run);
        hooks.ended(run);
        return run;
    }

    private ConfiguredDatabase database(String accessors, Object value) {
        return TestConfig.with(
                TestDatabase.in(folder).withRows("WAL", 3).settings(folder.resolve("replica")), accessors, value);
    }

    private ConfiguredDatabase beating(String path) {
        return database("heartbeat.url", Optional.of(new Secret(receiver.address() + path)));
    }

    @Test
    void a_check_hears_of_the_beginning_and_of_the_end() {
        snapshot(beating("/ping/uuid?create=1"));

        await().atMost(AT_MOST)
                .until(
                        receiver::targets,
                        List.of("POST /ping/uuid/start?create=1", "POST /ping/uuid?create=1")::equals);
    }

    @Test
    void a_check_hears_of_a_failure_and_why() throws IOException {
        ConfiguredDatabase database = beating("/ping/uuid/");
        Files.createFile(folder.resolve("replica"));

        snapshot(database);

        await().atMost(AT_MOST).until(() -> receiver.calls().size() == 2);
        assertThat(receiver.targets()).last().isEqualTo("POST /ping/uuid/fail");
        assertThat(receiver.bodies()).last().asString().startsWith("default: ");
    }

    @Test
    void a_push_url_gets_what_it_has_room_for() {
        snapshot(beating("/api/push/x?status={status}&msg={msg}&ping={ping}"));

        await().atMost(AT_MOST).until(() -> !receiver.calls().isEmpty());
        assertThat(receiver.targets())
                .singleElement()
                .asString()
                .matches("GET /api/push/x\\?status=up&msg=default%3A\\+snapshot\\S+&ping=\\d+");
    }

    @Test
    void a_heartbeat_that_is_refused_is_tried_again() {
        receiver.answers(500);
        snapshot(beating("/ping"));

        await().atMost(AT_MOST)
                .until(() ->
                        receiver.targets().stream().filter("POST /ping"::equals).count() > 1);
        receiver.answers(200);
        await().atMost(AT_MOST)
                .until(() -> registry.find("litestow.notifications")
                                .tag("channel", "heartbeat")
                                .tag("outcome", "delivered")
                                .counter()
                        != null);
    }

    @Test
    void a_command_that_fails_before_a_snapshot_skips_it_and_says_so() {
        RunRecord run = snapshot(database("hook.before", Optional.of("echo not now; exit 3")));

        assertThat(run.result())
                .isEqualTo(new Outcome.Skipped(
                        "LITESTOW_HOOK_BEFORE says no: it ended with exit code 3, and said: not now"));
        assertThat(folder.resolve("replica")).doesNotExist();
    }

    @Test
    void a_command_that_hangs_is_ended_with_what_it_started() {
        ConfiguredDatabase database = TestConfig.with(
                database("hook.before", Optional.of("sleep 600 & sleep 600")), "hook.timeout", Duration.ofMillis(300));

        assertThat(snapshot(database).result().words()).contains("it did not end within 300 ms");
        await().atMost(AT_MOST)
                .until(() -> ProcessHandle.current()
                        .descendants()
                        .noneMatch(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains("sleep 600"))
                                .isPresent()));
    }

    @Test
    void a_command_after_arun_knows_how_it_ended_and_no_secret() throws IOException {
        Path told = folder.resolve("told");
        RunRecord run = snapshot(database(
                "hook.after", Optional.of("env | grep ^LITES > " + told + ".new && mv " + told + ".new " + told)));

        await().atMost(AT_MOST).until(() -> Files.exists(told));
        Outcome outcome = run.result();
        assertThat(Files.readAllLines(told))
                .contains(
                        "LITESTOW_DATABASE=default",
                        "LITESTOW_OPERATION=snapshot",
                        "LITESTOW_OUTCOME=" + outcome.label(),
                        "LITESTOW_KIND="
                                + outcome.failure()
                                        .map(failed -> failed.kind().label())
                                        .orElse(""),
                        "LITESTOW_TXID="
                                + outcome.restorePoint().map(RestorePoint::txid).orElse(""));
    }
}
