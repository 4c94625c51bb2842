package io.github.litestow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.litestow.control.Held;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.RunRecord;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.sqlite.StateFolder;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for a snapshot learns which point holds what was written before. */
class AwaitedSnapshotsTest {
    @TempDir
    Path temp;

    @Test
    void a_run_that_works_already_is_followed_by_one_that_holds_what_was_written_meanwhile() throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(1));
        host.with("snapshot.deleteLocal", false);
        TestDatabase file = host.file().withRows("WAL", 10);
        AwaitedSnapshots awaited = new AwaitedSnapshots(host.snapshots());

        StateFolder.ensure(host.settings());
        Optional<Held> other = host.database().lock().take("another run");
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() ->
                        awaited.take(host.database(), AwaitedSnapshots.request(null, null), Duration.ofMillis(300)))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(504));
        assertThat(host.replicaFiles()).isEmpty();

        file.addRow();
        String content = file.content();
        CompletableFuture<AwaitedSnapshots.Awaited> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> answer.complete(
                awaited.take(host.database(), AwaitedSnapshots.request("before 1.9", "true"), Duration.ofMinutes(2))));
        asking.start();
        other.orElseThrow().close();
        AwaitedSnapshots.Awaited got = answer.join();
        assertThat(got.ended()).isTrue();
        RunRecord run = host.database().journal().runs().stream()
                .filter(ended -> ended.id().equals(got.id()))
                .findFirst()
                .orElseThrow();
        assertThat(OfferedPoints.labelled(host.database(), "before 1.9"))
                .isEqualTo(run.result().restorePoint().orElseThrow());
        assertThat(host.restoredContent()).isEqualTo(content);
    }

    @Test
    void a_length_or_label_that_makes_no_sense_is_refused_before_anything_begins() {
        assertThat(AwaitedSnapshots.length("PT30S")).contains(Duration.ofSeconds(30));
        assertThat(AwaitedSnapshots.length(null)).isEmpty();
        for (String wrong : new String[] {"-PT1S", "PT0S", "PT11M", "soon", ""}) {
            assertThatExceptionOfType(Refused.class).isThrownBy(() -> AwaitedSnapshots.length(wrong));
        }
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> AwaitedSnapshots.request("2026-11-21", null));
    }
}
