package io.github.litestow.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.ReplicaUrl;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Operation;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.LaunchMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start whose next slot may be hours away looks once whether the replica is the one that its record speaks of. */
@Timeout(60)
class LookAtStartTest {
    @TempDir
    Path temp;

    private Host host;
    private ReplicaUrl own;

    @BeforeEach
    void a_database_that_stays_and_that_nobody_changes() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.cron", Optional.of("0 0 0 1 1 ? 2099"));
        host.file().withRows("DELETE", 10);
        host.offload();
        host.restore();
        host.with("snapshot.deleteLocal", false);
        own = host.settings().replica();
        host.engine().forget();
    }

    @AfterEach
    void end() {
        host.stop();
    }

    private RunRecord start() {
        LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
        new SnapshotScheduler(null, host.runs(), host.snapshots(), null, Clock.systemUTC(), mode)
                .makeUp(host.database(), false);
        return host.lastRun();
    }

    private void replica(String name) {
        host.with(
                new ReplicaUrl("file://" + temp.resolve(name), "file"),
                host.settings().s3());
    }

    private Outcome.Failed failed(FailureKind kind) {
        RunRecord run = start();
        Host.assertFailed(run.result(), kind);
        assertThat(run.operation()).isEqualTo(Operation.VERIFY);
        assertThat(host.status().lastFailure()).isPresent();
        assertThat(host.file().exists()).isTrue();
        return run.result().failure().orElseThrow();
    }

    private void assertWellByTheNextSlot() {
        host.with(own, host.settings().s3());
        assertThat(host.snapshot().failure()).isEmpty();
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void a_replica_that_is_as_it_should_be_costs_no_run() {
        RunRecord before = host.lastRun();

        assertThat(start()).isEqualTo(before);
        assertThat(host.engine().calls()).isEmpty();
    }

    @Test
    void the_url_of_an_empty_replica_is_named_at_once() throws IOException {
        Files.createDirectory(temp.resolve("empty"));
        replica("empty");

        assertThat(failed(FailureKind.REPLICA_MISSING).hint()).contains("REPLICA_URL");
        assertWellByTheNextSlot();
    }

    @Test
    void the_url_of_another_replica_is_named_at_once_although_that_ends_alike() {
        Host other = new Host(temp.resolve("other"), temp.resolve("others"));
        other.file().withRows("DELETE", 11);
        other.offload();
        replica("others");

        Outcome.Failed failed = failed(FailureKind.REFUSED);
        assertThat(failed.cause()).contains("another replica", "identity.json");
        assertThat(failed.hint()).startsWith("Check REPLICA_URL");
        assertWellByTheNextSlot();
    }

    @Test
    void an_offloaded_database_is_looked_for_too() throws IOException {
        host.with("snapshot.deleteLocal", true);
        host.offload();
        Files.createDirectory(temp.resolve("empty"));
        replica("empty");

        Host.assertFailed(start().result(), FailureKind.REPLICA_MISSING);
        assertThat(host.status().backup().fresh()).isFalse();
        assertWellByTheNextSlot();
    }

    @Test
    void a_replica_that_does_not_answer_contradicts_nothing() {
        RunRecord before = host.lastRun();
        host.inBucket(URI.create("http://127.0.0.1:1"));

        assertThat(start()).isEqualTo(before);
        assertThat(host.status().lastFailure()).isEmpty();
    }

    @Test
    void the_state_folder_of_another_database_is_named_as_such() throws IOException {
        Host other = new Host(temp.resolve("other"), temp.resolve("others"));
        other.file().withRows("DELETE", 2000);
        for (int point = 0; point < 3; point++) {
            other.offload();
            other.restore();
            other.file().addRow();
        }
        other.stop();
        host.file().addRow();
        host.stop();
        Host.delete(host.settings().stateFolder());
        Files.move(other.settings().stateFolder(), host.settings().stateFolder());
        host.restart();

        Outcome.Failed failed = failed(FailureKind.REFUSED);
        assertThat(failed.cause())
                .contains("the record here is of another replica")
                .doesNotContain("older copy");
        assertThat(failed.hint()).contains(host.settings().stateFolder() + " was brought here from another database");
    }
}
