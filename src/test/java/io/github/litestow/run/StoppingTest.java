package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.run.snapshot.SnapshotRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppingTest {
    @TempDir
    Path folder;

    @Test
    void while_the_last_snapshot_runs_nobody_else_begins_a_run_not_even_on_another_database() {
        Host host = new Host(folder.resolve("data"), folder.resolve("replica"));
        Host other = new Host(folder.resolve("other"), folder.resolve("other-replica"));
        host.file().execute("CREATE TABLE t(a)");
        other.file().execute("CREATE TABLE t(a)");
        AtomicReference<Outcome> meanwhile = new AtomicReference<>();
        host.engine()
                .beforeReplicate(() -> meanwhile.set(CompletableFuture.supplyAsync(() -> host.snapshots()
                                .snapshot(other.database(), SnapshotRequest.by("http"))
                                .result())
                        .join()));

        assertThat(host.runs().stop(Duration.ofSeconds(5))).isTrue();
        Outcome last = host.snapshots()
                .last(host.database(), SnapshotRequest.beforeStop(Duration.ofMinutes(1)))
                .result();

        assertThat(last).isInstanceOf(Outcome.Snapshotted.class);
        assertThat(meanwhile.get()).isEqualTo(new Outcome.Skipped("the service is stopping"));
        assertThat(host.runs().stopping()).isTrue();
        assertThat(host.snapshots()
                        .snapshot(host.database(), SnapshotRequest.by("http"))
                        .result())
                .isInstanceOf(Outcome.Skipped.class);
        assertThat(host.database().journal().working().own()).isEqualTo(Optional.empty());
    }
}
