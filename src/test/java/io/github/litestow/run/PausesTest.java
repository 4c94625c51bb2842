package io.github.litestow.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.host.Host;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.Outcome;
import io.github.litestow.outcome.TimeText;
import io.github.litestow.report.TextReport;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause is written down, said, and takes nothing from the runs. */
class PausesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path temp;

    private final LaunchMode mode = new LaunchMode("serve", "localhost", 8080);
    private final Pauses pauses = new Pauses(Clock.fixed(NOW, ZoneOffset.UTC), mode);
    private final Pauses later = new Pauses(Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC), mode);
    private Host host;

    @BeforeEach
    void a_database_that_cron_has() {
        host = new Host(temp.resolve("host"), temp.resolve("replica"));
        host.with("snapshot.cron", Optional.of("0 3 * * *"));
        host.with("snapshot.deleteLocal", false);
        host.file().withRows("WAL", 3);
    }

    @AfterEach
    void nothingRuns() {
        host.stop();
    }

    private Optional<Instant> paused() {
        return host.status().backup().paused();
    }

    @Test
    void a_pause_outlives_restarts_and_is_said_until_it_is_resumed() throws Failure {
        assertThat(host.status().backup().nextRun()).isPresent();

        pauses.set(host.database(), true);
        later.set(host.database(), true);
        host.restart();

        assertThat(paused()).contains(NOW);
        assertThat(host.status().backup().nextRun()).isEmpty();
        assertThat(TextReport.of(host.status(), new TimeText(NOW.plusSeconds(120), ZoneOffset.UTC)))
                .contains("PAUSED", "no slot of the cron begins a snapshot")
                .doesNotContain("next run");
        later.set(host.database(), false);
        later.set(host.database(), false);
        host.restart();
        assertThat(paused()).isEmpty();
        assertThat(host.status().backup().nextRun()).isPresent();
    }

    @Test
    void what_is_asked_for_works_while_a_database_is_paused_and_leaves_it_paused() throws Failure {
        pauses.set(host.database(), true);

        assertThat(host.snapshot().which()).isEqualTo(Outcome.Case.SNAPSHOTTED);
        assertThat(host.verify().success()).isTrue();

        assertThat(paused()).contains(NOW);
    }

    @Test
    void a_pause_in_the_middle_of_a_run_loses_nothing_of_what_that_writes_down() throws Failure {
        host.engine().beforeReplicate(() -> {
            try {
                pauses.set(host.database(), true);
            } catch (Failure e) {
                throw new AssertionError(e);
            }
        });

        Outcome outcome = host.snapshot();

        assertThat(outcome.which()).isEqualTo(Outcome.Case.SNAPSHOTTED);
        host.restart();
        assertThat(paused()).contains(NOW);
        assertThat(host.status().backup().lastRestorePoint()).isEqualTo(outcome.restorePoint());
        assertThat(host.database().journal().state().lineage()).isPresent();
    }

    @Test
    void a_paused_database_gets_stale_by_its_age_as_any_other() throws Failure {
        host.snapshot();
        pauses.set(host.database(), true);
        assertThat(host.status().backup().fresh()).isTrue();

        host.later(Duration.ofDays(4));

        assertThat(host.status().backup().fresh()).isFalse();
    }
}
