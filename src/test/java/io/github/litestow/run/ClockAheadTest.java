package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.litestow.config.TestConfig;
import io.github.litestow.difference.PageIndex;
import io.github.litestow.host.Host;
import io.github.litestow.outcome.Assurance;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.RecordedPoint;
import io.github.litestow.outcome.RestorePoint;
import io.github.litestow.sqlite.Quarantine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One run while the clock is wrong costs nothing, and makes nothing seem better than it is. */
class ClockAheadTest extends OverVersity {
    private Host host;

    @BeforeEach
    void aHost() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with(TestConfig.retention(Duration.ofDays(7), 1, Duration.ZERO));
        host.file().withRows("WAL", 100);
    }

    private void cycle() {
        host.offload();
        host.restore();
        host.file().addRow();
    }

    private List<RestorePoint> points() throws Failure {
        return host.database().replica().points();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_clock_that_is_ahead_prunes_nothing_and_dates_nothing_in_the_future(boolean bucket) throws Failure {
        if (bucket) {
            host.inBucket(server.endpoint(), "clock/" + temp.getFileName());
        }
        for (int round = 0; round < 4; round++) {
            cycle();
        }
        List<RestorePoint> before = points();
        host.clockAhead(Duration.ofDays(10));

        host.offload();

        assertThat(host.lastRun().warnings())
                .anyMatch(warning -> warning.contains("not pruned") && warning.contains("clock of this host"));
        host.clockAhead(Duration.ZERO);
        assertThat(points()).containsAll(before).hasSize(before.size() + 1);
        assertThat(points()).allSatisfy(point -> assertThat(point.time()).isBefore(Instant.now()));
        assertThat(host.database().journal().state().provenAt())
                .hasValueSatisfying(
                        time -> assertThat(time).isBefore(Instant.now().plusSeconds(60)));
    }

    @Test
    void pruning_on_request_is_refused_by_a_clock_that_the_store_contradicts() throws Failure {
        cycle();
        cycle();
        host.clockAhead(Duration.ofDays(10));
        Failure failure =
                catchThrowableOfType(Failure.class, () -> host.prunes().prune(host.database(), false));
        assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
        assertThat(points()).hasSize(2);
    }

    @Test
    void a_proof_that_is_dated_in_the_future_is_none() throws Failure {
        host.with("snapshot.deleteLocal", false);
        assertThat(host.snapshot().restorePoint()).isPresent();
        host.database().journal().change(change -> change.provenAt(Instant.now().plus(Duration.ofDays(365))));
        host.file().addRow();

        Outcome outcome = host.snapshot();

        assertThat(outcome.restorePoint().orElseThrow().assurance()).isEqualTo(Assurance.PROVEN);
        assertThat(host.database().journal().state().provenAt())
                .hasValueSatisfying(time -> assertThat(time).isBefore(Instant.now()));
    }

    @Test
    void a_point_dated_in_the_future_does_not_keep_what_follows_it_until_then() throws Exception {
        host.with(TestConfig.retention(Duration.ZERO, 1, Duration.ZERO));
        cycle();
        RestorePoint wrong = points().get(0);
        Instant future = Instant.now().plus(Duration.ofDays(365));
        host.database().replica().record(List.of(new RecordedPoint(wrong.at(future))));
        for (int round = 0; round < 5; round++) {
            // Differences would need the first point for as long as they are restored.
            Files.deleteIfExists(PageIndex.place(host.settings()));
            cycle();
        }
        assertThat(points()).doesNotContain(wrong.at(future)).hasSizeLessThan(5);
    }

    @Test
    void what_a_restore_moved_away_is_not_old_by_a_clock_that_is_ahead() throws Exception {
        for (int round = 0; round < 3; round++) {
            host.offload();
            host.restore();
            host.file().addRow();
            host.clockAhead(Duration.ofDays(31L * round));
            assertThat(host.replace()).isInstanceOf(Outcome.Restored.class);
            host.clockAhead(Duration.ZERO);
            host.file().addRow();
        }
        assertThat(Quarantine.entries(host.settings())).hasSize(3);
        try (Stream<Path> left = Files.list(host.settings().stateFolder())) {
            assertThat(left).noneMatch(path -> path.toString().contains(".clock"));
        }
    }
}
