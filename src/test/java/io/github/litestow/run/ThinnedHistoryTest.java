package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.run.mark.OfferedPoints;
import io.github.litestow.run.restore.RestoreRequest;
import io.github.litestow.sqlite.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History that is thinned out, with differences and whole snapshots as they come, and the real engine. */
class ThinnedHistoryTest {
    @TempDir
    Path temp;

    @Test
    void every_point_that_is_kept_restores_to_what_it_was() throws Exception {
        Host host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("leaseTime", Duration.ofMinutes(1));
        host.with(TestConfig.thinned(Duration.ofHours(2), 2, Duration.ofMinutes(1), 6, 3, 0, 0, 0));
        TestDatabase file = host.file().withRows("DELETE", 100);
        Map<String, String> contents = new HashMap<>();
        List<String> made = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            file.execute("UPDATE t SET note = 'round " + round + "' WHERE id % 10 = " + round % 10);
            if (round % 6 == 5) {
                // Everything is uploaded, as it is now and then.
                Files.deleteIfExists(PageIndex.place(host.settings()));
            }
            String content = file.content();
            RestorePoint point = host.offload().point();
            contents.put(point.txid(), content);
            made.add(point.txid());
            assertThat(host.restore()).isInstanceOf(Outcome.Restored.class);
            host.later(Duration.ofMinutes(round % 3 == 0 ? 200 : 25));
        }
        List<RestorePoint> points = OfferedPoints.of(host.database().replica());
        assertThat(points).hasSizeBetween(6, 15);
        assertThat(made).hasSize(20);
        for (RestorePoint point : points) {
            Path target = temp.resolve(point.txid() + ".db");
            Outcome outcome = host.restore(new RestoreRequest(
                    "test",
                    new RestoreRequest.Point(Optional.of(point.txid()), Optional.empty()),
                    new RestoreRequest.Target(Optional.of(target), false, false),
                    false,
                    false));
            assertThat(outcome).as(point.toString()).isInstanceOf(Outcome.Restored.class);
            assertThat(TestDatabase.at(target).content()).isEqualTo(contents.get(point.txid()));
        }
    }
}
